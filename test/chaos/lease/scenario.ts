// More processes than there are worker numbers, killed, frozen for longer than their lease and thawed again. For tests: a
// few in every run, many in test/chaos.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { decodeSnowflake } from '../../../src/base/snowflake.ts'
import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { pause } from '../../support/waiting.ts'

const FIXTURE = new URL('lease.fixture.ts', import.meta.url).pathname
const NUMBERS = 8
const PROCESSES = 10

interface Made {
  worker: number
  first: bigint
  last: bigint
  /** By the clock ids are made of, which all processes here share. */
  from: number
}

interface Maker {
  child: ChildProcess
  made: Made[]
  /** What it said when it ended by itself. */
  said: string
  frozen: { from: number; to: number }[]
}

interface Held {
  worker: number
  owner: string | null
  at: number
  until: number
}

/** R20. */
export async function leaseRounds({ loops, leaseMs }: { loops: number; leaseMs: number }): Promise<string> {
  const { db, pool, url } = await testDatabase()
  await sql`update id_worker set lease_until = case when worker < ${NUMBERS} then '-infinity' else 'infinity' end::timestamptz`.execute(db)
  // Every lease that is given or made longer, by the database's clock.
  await pool.query(`
    create table held (seq bigserial, worker int, owner uuid, at float8, until float8);
    create function note_held() returns trigger language plpgsql as $$ begin
      insert into held (worker, owner, at, until) values
        (new.worker, new.owner, extract(epoch from clock_timestamp()) * 1000, extract(epoch from new.lease_until) * 1000);
      return null;
    end $$;
    create trigger held after update on id_worker for each row execute function note_held()`)

  const makers: Maker[] = []
  const running = () => makers.filter(({ child }) => child.exitCode === null && child.signalCode === null)
  cleanup(async () => void running().forEach(({ child }) => child.kill('SIGKILL')))
  function start(): void {
    const child = spawn(process.execPath, [FIXTURE, url, String(leaseMs)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const maker: Maker = { child, made: [], said: '', frozen: [] }
    makers.push(maker)
    createInterface(child.stdout as NodeJS.ReadableStream).on('line', line => {
      const [first, last] = /^(\d+) (\d+)$/.exec(line)?.slice(1).map(BigInt) ?? []
      if (first === undefined || last === undefined) maker.said = line
      else maker.made.push({ worker: decodeSnowflake(first).worker, first, last, from: decodeSnowflake(first).at.getTime() })
    })
  }

  const thawing: Promise<void>[] = []
  for (let loop = 0; loop < loops; loop++) {
    while (running().length < PROCESSES) start()
    await pause(leaseMs / 10)
    const able = running().filter(({ made, frozen }) => made.length > 0 && frozen.every(({ to }) => to > 0))
    const one = able[Math.floor(Math.random() * able.length)]
    if (!one) {
      loop-- // they are still starting
      continue
    }
    if (loop % 2 === 0) one.child.kill('SIGKILL')
    else {
      const nap = { from: Date.now(), to: 0 }
      one.frozen.push(nap)
      one.child.kill('SIGSTOP')
      thawing.push(
        pause(1.5 * leaseMs).then(() => {
          nap.to = Date.now()
          one.child.kill('SIGCONT')
        }),
      )
    }
  }
  await Promise.all(thawing)
  await pause(leaseMs) // those that were thawed go on, with numbers of their own
  for (const { child } of running()) {
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
  }

  const { rows: held } = await pool.query<Held>('select worker, owner, at, until from held order by seq')
  const takings = noneHeldTwice(held)
  const ids = noneMadeTwice(makers)
  const naps = noneMadeWhileLost(makers, held)
  for (const { said } of makers) if (said) assert.match(said, /all 1024 worker numbers are leased/)
  const refused = makers.filter(({ said }) => said).length
  return `${loops} kills and freezes of ${makers.length} processes over ${NUMBERS} numbers: ${takings.length} leases, none held twice; ${ids} times ids were made, none twice; ${naps} thawed made none with what they had lost; ${refused} found no number`
}

/** Who takes a number takes it after the end of the lease before. Returns each taking. */
function noneHeldTwice(held: Held[]): Held[] {
  const last = new Map<number, Held>()
  const takings: Held[] = []
  for (const row of held) {
    const before = last.get(row.worker)
    if (before?.owner !== row.owner) {
      assert.ok(!before?.owner || before.until < row.at, `number ${row.worker} was taken ${(before?.until ?? 0) - row.at} ms too early`)
      takings.push(row)
    }
    last.set(row.worker, row)
  }
  return takings
}

function noneMadeTwice(makers: Maker[]): number {
  for (const some of Map.groupBy(
    makers.flatMap(({ made }) => made),
    ({ worker }) => worker,
  ).values()) {
    some.sort((a, b) => (a.first < b.first ? -1 : 1))
    for (let i = 1; i < some.length; i++) assert.ok((some[i] as Made).first > (some[i - 1] as Made).last, 'two made the same ids')
  }
  return makers.reduce((sum, { made }) => sum + made.length, 0)
}

/** What a process makes after it was thawed, it makes with a number taken after that, or its own once more if nobody has taken it. */
function noneMadeWhileLost(makers: Maker[], held: Held[]): number {
  let naps = 0
  for (const { made, frozen } of makers)
    for (const nap of frozen) {
      naps++
      for (const { worker, from } of made)
        if (from > nap.to)
          assert.ok(
            held.some(row => row.worker === worker && row.at >= nap.to - 1 && row.at <= from + 1),
            `made ${from - nap.to} ms after it was thawed`,
          )
    }
  return naps
}
