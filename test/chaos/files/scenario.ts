// Kills a server again and again while readers change their photos, and reports what is served, referred to or left behind
// that should not be.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { sql } from 'kysely'
import sharp from 'sharp'
import { silentLog } from '../../../src/base/log.ts'
import type { Db } from '../../../src/engines/database/database.ts'
import type { Files } from '../../../src/engines/files/files.ts'
import { openFolder } from '../../../src/engines/files/folder.ts'
import { createFileJobs } from '../../../src/features/files/file-jobs.ts'
import { keysOf } from '../../../src/features/files/file-keys.ts'
import { testDatabase } from '../../support/database.ts'
import { signIn } from '../../support/http-request.ts'
import { formOf } from '../../support/pictures.ts'
import { createDataFolder, type ServerProcess, startServer } from '../../support/server-process.ts'
import { eventually, pause } from '../../support/waiting.ts'

const READERS = 4
/** Noise, so that a picture has some hundred kilobytes in four objects. */
const SIDE = 800
const KEYS = { TOKEN_KEY: 't'.repeat(32), TRACE_KEY: 't'.repeat(32), FILES_KEY: 'f'.repeat(32) }

export interface Findings {
  acknowledged: number
  /** Uploads that a kill interrupted. */
  interrupted: number
  /** Rows that were incomplete at the end. */
  incomplete: number
  faults: string[]
}

export async function killDuringUploads(t: TestContext, rounds: number): Promise<Findings> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-chaos-files-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const { db, url: databaseUrl } = await testDatabase()
  const env = { ...KEYS, DATABASE_URL: databaseUrl, FILES_URL: pathToFileURL(folder).href, LOG_LEVEL: 'silent' }
  const start = async () => startServer(t, await createDataFolder(t), env)
  const picture = await makeNoise()
  const acknowledged: string[] = []
  let interrupted = 0
  for (let round = 0; round < rounds; round++) {
    const server = await start()
    const before = acknowledged.length
    const readers = Array.from({ length: READERS }, (_, i) => uploadUntilKilled(server, i, picture, acknowledged))
    await eventually(
      () => acknowledged.length,
      count => count > before,
    )
    await pause(10 + 37 * round) // another moment of an upload each time
    server.kill('SIGKILL')
    await server.ended()
    interrupted += (await Promise.all(readers)).filter(Boolean).length
  }
  const server = await start()
  const store = openFolder(folder)
  const faults = await findFaults(server, db, store, acknowledged)
  const incomplete = await db.selectFrom('stored_file').select('id').where('stored', '=', false).execute()
  faults.push(...(await findLeftovers(db, store)))
  return { acknowledged: acknowledged.length, interrupted, incomplete: incomplete.length, faults }
}

const makeNoise = () =>
  sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'white', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
    .jpeg()
    .toBuffer()

/** Resolves to true if the last upload was interrupted. */
async function uploadUntilKilled({ url }: ServerProcess, nth: number, picture: Buffer, acknowledged: string[]): Promise<boolean> {
  try {
    const token = await signIn(url, `1370000000${nth}`)
    for (;;) {
      const body = formOf({ photo: picture })
      const answer = await fetch(`${url}/v1_0/user/photo`, { method: 'PATCH', headers: { authorization: `Bearer ${token}` }, body })
      const { data } = (await answer.json()) as { data: { photo: string } }
      if (answer.status === 201) acknowledged.push(new URL(data.photo).pathname)
    }
  } catch {
    return true
  }
}

async function findFaults({ url }: ServerProcess, db: Db, store: Files, acknowledged: string[]): Promise<string[]> {
  const faults: string[] = []
  for (const path of acknowledged)
    for (const query of ['', '?w=360', '?w=720']) {
      const answer = await fetch(url + path + query)
      const width = answer.ok ? await widthOf(Buffer.from(await answer.arrayBuffer())) : answer.status
      if (width !== Number(query.slice(3) || SIDE)) faults.push(`${path}${query} was acknowledged, and is ${width}`)
    }
  for (const row of await db.selectFrom('stored_file').selectAll().execute()) {
    const { status } = await fetch(`${url}/files/${row.name}`)
    if (status !== (row.stored ? 200 : 404)) faults.push(`${row.name}: ${status}, stored is ${row.stored}`)
    for (const [i, key] of row.stored ? keysOf(row).entries() : []) {
      const stream = await store.read(key)
      if (!stream || (await buffer(stream)).length !== row.bytes[i]) faults.push(`${key} is not whole`)
    }
  }
  const { rows } = await sql<{ photo: string }>`
    select photo from reader where photo is not null and photo not in (select 'files/' || name from stored_file where stored)`.execute(db)
  return [...faults, ...rows.map(({ photo }) => `a reader's photo is ${photo}`)]
}

const widthOf = (bytes: Buffer) =>
  sharp(bytes, { failOn: 'warning' })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .then(
      ({ info }) => info.width,
      (err: Error) => err.message,
    )

/** After a day, the jobs have removed everything that no complete row stands for. */
async function findLeftovers(db: Db, store: Files): Promise<string[]> {
  await sql`update stored_file set unused_since = unused_since - interval '2 days'`.execute(db)
  const context = { signal: new AbortController().signal, slot: new Date(Date.now() + 2 * 86_400_000), log: silentLog }
  for (const job of createFileJobs({ db, store })) {
    await sql`update file_removal set queued_at = queued_at - interval '1 hour'`.execute(db)
    await job.run(context as never)
  }
  const wanted = new Set((await db.selectFrom('stored_file').selectAll().execute()).filter(row => row.stored).flatMap(keysOf))
  const left: string[] = []
  for await (const { key } of store.list()) if (!wanted.has(key)) left.push(`${key} is left in the store`)
  if ((await store.removeAbandoned(new Date(Date.now() + 86_400_000))) > 0) left.push('an interrupted upload is left in the store')
  return left
}
