// Kills a writing process and its PostgreSQL again and again, and tells which acknowledged rows are gone. For tests: a few
// rounds beside the code, many in test/chaos.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { silentLog } from '../../../src/base/log.ts'
import { startPostgres } from '../../../src/engines/postgres/embedded-postgres.ts'

export const WRITER = fileURLToPath(import.meta.resolve('./writer.ts'))

export interface Writer {
  process: ChildProcessByStdio<Writable, Readable, null>
  server: { url: string; isOwner: boolean; pid: number }
  lines: AsyncIterator<string>
}

export async function startWriter(dataDir: string, ...args: string[]): Promise<Writer> {
  return waitForWriter(spawn(process.execPath, [WRITER, dataDir, ...args], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] }))
}

export async function waitForWriter(child: Writer['process']): Promise<Writer> {
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.done) throw new Error('the writer did not open the database')
  return { process: child, server: JSON.parse(first.value) as Writer['server'], lines }
}

export async function crashRounds({ dataDir, rounds }: { dataDir: string; rounds: number }) {
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    const writer = await startWriter(dataDir, 'write')
    const gone = once(writer.process, 'close')
    const noting = note(writer.lines, acknowledged)
    await sleep(150 + 350 * Math.random()) // long enough for some hundred rows, and never at the same point of a checkpoint
    if (writer.process.pid === undefined) throw new Error('the writer has no pid')
    process.kill(-writer.process.pid, 'SIGKILL')
    // Every third time PostgreSQL is left to notice by itself that it has lost us.
    if (round % 3 !== 2) process.kill(writer.server.pid, 'SIGKILL')
    await gone
    await noting
  }
  const postgres = await startPostgres({ dataDir, log: silentLog })
  const client = new Client(postgres.url)
  await client.connect()
  const { rows } = await client.query<{ id: string }>('select id from acknowledged')
  await client.end()
  await postgres.stop()
  const kept = new Set(rows.map(row => row.id))
  return { acknowledged: acknowledged.size, missing: [...acknowledged].filter(id => !kept.has(id)) }
}

async function note(lines: AsyncIterator<string>, acknowledged: Set<string>): Promise<void> {
  let last: string | undefined
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (last !== undefined) acknowledged.add(last)
    last = next.value
  }
  // The very last line may have been cut by the kill; counting a part of a number would invent a row.
}
