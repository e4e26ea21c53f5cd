// Starts an embedded PostgreSQL with a migrated template database, once for a whole test run.

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { silentLog } from '../../src/base/log.ts'
import { openDatabase } from '../../src/engines/database/database.ts'
import { migrate } from '../../src/engines/database/migrate.ts'
import { DATABASE } from '../../src/engines/postgres/cluster-folder.ts'
import { type EmbeddedPostgres, startPostgres } from '../../src/engines/postgres/embedded-postgres.ts'
import { runAsAdmin, TEMPLATE } from './database.ts'

// Several files run at once. The pools of one file, with the processes it starts, have up to a hundred connections.
const CONNECTIONS_MAX = 500

// In memory, a copy of the template costs a third of the processor time, and PostgreSQL never waits for a disk.
const MEMORY = '/dev/shm'
const MEMORY_NEEDED = 2 * 1024 ** 3 // the write-ahead log, and 15 to 60 MB for each database of the files that run at a time

let folder: string | undefined
let server: EmbeddedPostgres | undefined

export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join((await hasMemory()) ? MEMORY : tmpdir(), 'broadsheet-test-'))
  const dataDir = join(folder, 'data')
  await initialise(dataDir, join(folder, 'copy'))
  server = await startPostgres({ dataDir, log: silentLog, connectionsMax: CONNECTIONS_MAX })
  await runAsAdmin(server.url, `create database ${TEMPLATE} template ${DATABASE}`)
  // This server never crashes, so commits need not wait for the disk. On a busy machine tests hold locks for longer than the
  // product allows. Tests of durability and of that limit start their own servers.
  await runAsAdmin(server.url, `alter role current_user set synchronous_commit = off`)
  await runAsAdmin(server.url, `alter role current_user set idle_in_transaction_session_timeout = '2min'`)
  process.env.TEST_POSTGRES_URL = server.url
  process.env.TEST_DATA_FOLDER = join(folder, 'copy') // server-process.ts
  process.env.TEST_CLAIMS = join(folder, 'claims') // run-together.ts
  await mkdir(process.env.TEST_CLAIMS)
}

/** Makes a data folder with a migrated database, and a copy of it for tests that start servers of their own. */
async function initialise(dataDir: string, copy: string): Promise<void> {
  const first = await startPostgres({ dataDir, log: silentLog })
  const { pool, close } = openDatabase({ url: first.url, name: 'template', log: silentLog })
  await migrate(pool)
  await close()
  await first.stop()
  await promisify(execFile)('cp', ['-a', dataDir, copy]) // with the owner of each file
}

export async function globalTeardown(): Promise<void> {
  await server?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
}

async function hasMemory(): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > MEMORY_NEEDED
}
