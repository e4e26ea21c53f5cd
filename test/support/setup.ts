// Starts an embedded PostgreSQL with a migrated template database, once for a whole test run.

import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../src/base/log.ts'
import { openDatabase } from '../../src/engines/database/database.ts'
import { migrate } from '../../src/engines/database/migrate.ts'
import { type EmbeddedPostgres, startPostgres } from '../../src/engines/postgres/embedded-postgres.ts'
import { databaseUrl, runAsAdmin, TEMPLATE } from './database.ts'

// Several files run at once. The pools of one file, with the processes it starts, have up to a hundred connections.
const CONNECTIONS_MAX = 400

// In memory, a copy of the template costs a third of the processor time, and PostgreSQL never waits for a disk.
const MEMORY = '/dev/shm'
const MEMORY_NEEDED = 2 * 1024 ** 3 // the write-ahead log, and 15 to 60 MB for each database of the files that run at a time

let folder: string | undefined
let server: EmbeddedPostgres | undefined

export async function globalSetup(): Promise<void> {
  folder = await mkdtemp(join((await hasMemory()) ? MEMORY : tmpdir(), 'broadsheet-test-'))
  server = await startPostgres({ dataDir: folder, log: silentLog, connectionsMax: CONNECTIONS_MAX })
  await runAsAdmin(server.url, `create database ${TEMPLATE}`)
  const { pool, close } = openDatabase({ url: databaseUrl(server.url, TEMPLATE), name: 'template', log: silentLog })
  await migrate(pool)
  // This server never crashes, so commits need not wait for the disk. On a busy machine tests hold locks for longer than the
  // product allows. Tests of durability and of that limit start their own servers.
  await pool.query(`alter role current_user set synchronous_commit = off`)
  await pool.query(`alter role current_user set idle_in_transaction_session_timeout = '2min'`)
  await close()
  process.env.TEST_POSTGRES_URL = server.url
}

export async function globalTeardown(): Promise<void> {
  await server?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
}

async function hasMemory(): Promise<boolean> {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > MEMORY_NEEDED
}
