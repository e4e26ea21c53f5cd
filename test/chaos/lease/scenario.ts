// Processes share fewer worker numbers than they are, and are killed, or frozen for longer than their lease and continued.
// id-process.ts is one of them.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { decodeSnowflake } from '../../../src/base/snowflake.ts'
import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { pause } from '../../support/waiting.ts'

const ID_PROCESS = join(import.meta.dirname, 'id-process.ts')

interface Batch {
  worker: number
  first: bigint
  last: bigint
  /** The time in the first id. All processes share one clock. */
  at: number
}

interface IdProcess {
  child: ChildProcess
  /** When it has ended and its output was read. */
  closed: Promise<unknown>
  batches: Batch[]
  /** Why it ended by itself; else empty. */
  error: string
  freezes: { from: number; to: number }[]
}

/** A lease that was given or renewed, by the database's clock. */
interface LeaseEvent {
  worker: number
  owner: string | null
  at: number
  until: number
}

export interface LeaseOptions {
  /** Worker numbers. */
  numbers: number
  processes: number
  interruptions: number
  leaseMs: number
}

/** R20. */
export async function interruptIdProcesses({ numbers, processes: processCount, interruptions, leaseMs }: LeaseOptions): Promise<string> {
  const { db, pool, url } = await testDatabase()
  await sql`update id_worker set lease_until = case when worker < ${numbers} then '-infinity' else 'infinity' end::timestamptz`.execute(db)
  await pool.query(`
    create table lease_event (seq bigserial, worker int, owner uuid, at float8, until float8);
    create function record_lease() returns trigger language plpgsql as $$ begin
      insert into lease_event (worker, owner, at, until) values
        (new.worker, new.owner, extract(epoch from clock_timestamp()) * 1000, extract(epoch from new.lease_until) * 1000);
      return null;
    end $$;
    create trigger lease_event after update on id_worker for each row execute function record_lease()`)

  const processes: IdProcess[] = []
  const listRunning = () => processes.filter(({ child }) => child.exitCode === null && child.signalCode === null)
  cleanup(async () => void listRunning().forEach(({ child }) => child.kill('SIGKILL')))

  const continuing: Promise<void>[] = []
  for (let done = 0; done < interruptions; ) {
    while (listRunning().length < processCount) processes.push(startIdProcess(url, leaseMs))
    await pause(leaseMs / 10)
    const candidates = listRunning().filter(({ batches, freezes }) => batches.length > 0 && freezes.every(({ to }) => to > 0))
    const victim = candidates[Math.floor(Math.random() * candidates.length)]
    if (!victim) continue // all are still starting
    if (done % 2 === 0) victim.child.kill('SIGKILL')
    else continuing.push(freeze(victim, 1.5 * leaseMs))
    done++
  }
  await Promise.all(continuing)
  await pause(leaseMs) // continued processes acquire other numbers and go on
  // One that finds no number ends by itself meanwhile.
  for (const { child } of listRunning()) child.kill('SIGKILL')
  await Promise.all(processes.map(({ closed }) => closed))

  const { rows: events } = await pool.query<LeaseEvent>('select worker, owner, at, until from lease_event order by seq')
  const leases = assertNoLeaseOverlaps(events)
  const batches = assertNoIdTwice(processes)
  const freezes = assertNoIdWithLostLease(processes, events)
  for (const { error } of processes) if (error) assert.match(error, /all 1024 worker numbers are leased/)
  const refused = processes.filter(({ error }) => error).length
  return `${interruptions} kills and freezes of ${processes.length} processes over ${numbers} numbers: ${leases} leases without overlap; ${batches} batches of ids without a duplicate; ${freezes} freezes after which no id was made with a lost lease; ${refused} processes found no number`
}

function startIdProcess(url: string, leaseMs: number): IdProcess {
  const child = spawn(process.execPath, [ID_PROCESS, url, String(leaseMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const started: IdProcess = { child, closed: once(child, 'close'), batches: [], error: '', freezes: [] }
  createInterface(child.stdout as NodeJS.ReadableStream).on('line', line => {
    const [first, last] = /^(\d+) (\d+)$/.exec(line)?.slice(1).map(BigInt) ?? []
    if (first === undefined || last === undefined) started.error = line
    else started.batches.push({ worker: decodeSnowflake(first).worker, first, last, at: decodeSnowflake(first).at.getTime() })
  })
  return started
}

async function freeze({ child, freezes }: IdProcess, ms: number): Promise<void> {
  const frozen = { from: Date.now(), to: 0 }
  freezes.push(frozen)
  child.kill('SIGSTOP')
  await pause(ms)
  frozen.to = Date.now()
  child.kill('SIGCONT')
}

/** A number is acquired only after the lease of its previous owner is over. Returns how often one was acquired. */
function assertNoLeaseOverlaps(events: LeaseEvent[]): number {
  const latest = new Map<number, LeaseEvent>()
  let acquired = 0
  for (const event of events) {
    const previous = latest.get(event.worker)
    if (previous?.owner !== event.owner) {
      assert.ok(
        !previous?.owner || previous.until < event.at,
        `number ${event.worker} was acquired ${(previous?.until ?? 0) - event.at} ms too early`,
      )
      acquired++
    }
    latest.set(event.worker, event)
  }
  return acquired
}

function assertNoIdTwice(processes: IdProcess[]): number {
  const all = processes.flatMap(({ batches }) => batches)
  for (const batches of Map.groupBy(all, ({ worker }) => worker).values()) {
    batches.sort((a, b) => (a.first < b.first ? -1 : 1))
    for (let i = 1; i < batches.length; i++)
      assert.ok((batches[i] as Batch).first > (batches[i - 1] as Batch).last, 'two processes made the same ids')
  }
  return all.length
}

/** After a freeze, a process makes ids only with a number that it acquired, or renewed, after that. Returns the number of freezes. */
function assertNoIdWithLostLease(processes: IdProcess[], events: LeaseEvent[]): number {
  for (const { batches, freezes } of processes)
    for (const freeze of freezes)
      for (const { worker, at } of batches)
        if (at > freeze.to)
          assert.ok(
            events.some(event => event.worker === worker && event.at >= freeze.to - 1 && event.at <= at + 1),
            `made ${at - freeze.to} ms after the freeze`,
          )
  return processes.reduce((sum, { freezes }) => sum + freezes.length, 0)
}
