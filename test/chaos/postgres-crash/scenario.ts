// Kills a writing process and its PostgreSQL again and again, and returns which acknowledged rows are missing.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { silentLog } from '../../../src/base/log.ts'
import { startPostgres } from '../../../src/engines/postgres/embedded-postgres.ts'
import { PATIENCE_MS, within } from '../../support/waiting.ts'

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
  const first = await within(lines.next(), 'the writer opens the database', 3 * PATIENCE_MS)
  if (first.done) throw new Error('the writer did not open the database')
  return { process: child, server: JSON.parse(first.value) as Writer['server'], lines }
}

export async function runCrashes({ dataDir, rounds }: { dataDir: string; rounds: number }) {
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    const writer = await startWriter(dataDir, 'write')
    const ended = once(writer.process, 'close')
    const recording = recordLines(writer.lines, acknowledged)
    await sleep(150 + 350 * Math.random()) // some hundred rows, and another point of a checkpoint each time
    if (writer.process.pid === undefined) throw new Error('the writer has no pid')
    process.kill(-writer.process.pid, 'SIGKILL')
    // Every third round PostgreSQL is left running and has to notice that its owner is gone.
    if (round % 3 !== 2) process.kill(writer.server.pid, 'SIGKILL')
    await ended
    await recording
  }
  const postgres = await startPostgres({ dataDir, log: silentLog })
  const client = new Client(postgres.url)
  await client.connect()
  const { rows } = await client.query<{ id: string }>('select id from acknowledged')
  await client.end()
  await postgres.stop()
  const stored = new Set(rows.map(row => String(row.id))) // a bigint if the product is loaded in this process
  return { acknowledged: acknowledged.size, missing: [...acknowledged].filter(id => !stored.has(id)) }
}

async function recordLines(lines: AsyncIterator<string>, acknowledged: Set<string>): Promise<void> {
  let last: string | undefined
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (last !== undefined) acknowledged.add(last)
    last = next.value
  }
  // The last line is not recorded: the kill may have cut it, and part of a number is another row's id.
}
