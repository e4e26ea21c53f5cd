// Schedulers that are killed, frozen, away, or wrong about the time, and a table of effects that tells whether each slot
// had its one run. For tests: a few seconds in every run, more in test/chaos.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Job } from '../../../src/base/job.ts'
import type { TestDatabase } from '../../support/database.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const WORKER = join(import.meta.dirname, 'jobs-worker.ts')
const HOUR_MS = 3_600_000
/** One process is right about the time, one an hour ahead, one an hour behind. */
const CLOCKS = [0, HOUR_MS, -HOUR_MS]
const KILL_EVERY_MS = 300
/** Each so many kills, all go at once. */
const ALL_EVERY = 5
const FROZEN_MS = 1_600 // the lease of these schedulers is a second

type TestJob = Omit<Job, 'run'> & { workMs: number }

interface Worker {
  child: ChildProcess
  ready: boolean
}

export function jobRounds({ db, url }: TestDatabase) {
  async function prepare(): Promise<void> {
    await sql`create table if not exists effect (job text, slot timestamptz, pid int)`.execute(db)
    await sql`create table if not exists refused (job text, slot timestamptz)`.execute(db)
    for (const table of ['effect', 'refused', 'job_run', 'job']) await sql`delete from ${sql.table(table)}`.execute(db)
  }

  function start(jobs: TestJob[], { off = 0, now = '' } = {}): Worker {
    const env = { ...process.env, DATABASE_URL: url, CLOCK_OFF_MS: String(off), NOW: now, JOBS: JSON.stringify(jobs) }
    const child = spawn(process.execPath, [WORKER], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const worker = { child, ready: false }
    child.stdout?.once('data', () => {
      worker.ready = true
    })
    return worker
  }

  async function end(workers: Worker[]): Promise<void> {
    await Promise.all(
      workers.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }),
    )
  }

  async function ready(workers: Worker[]): Promise<void> {
    await eventually(
      () => workers.filter(worker => !worker.ready).length,
      starting => starting === 0,
    )
  }

  /** Waits until no run of the job is open and its next slot is not due, and then says what became of its slots. */
  async function settled(job: string) {
    await sql`update job set paused = true where name = ${job}`.execute(db)
    for (const giveUp = performance.now() + 3 * PATIENCE_MS; ; await pause(50)) {
      const { rows } = await sql<{
        open: number
      }>`select count(*)::int as open from job_run where job = ${job} and state <> 'ended'`.execute(db)
      if (rows[0]?.open === 0) break
      // Held back by the pause: what was due before it is to run.
      await sql`update job_run set asked = true where job = ${job} and state = 'waiting'`.execute(db)
      assert.ok(performance.now() < giveUp, 'the runs do not end')
    }
    const { rows: runs } = await sql<{ ms: number; outcome: string; attempt: number }>`
      select (extract(epoch from slot) * 1000)::float8 as ms, outcome, attempt from job_run where job = ${job} order by slot`.execute(db)
    const { rows: effects } = await sql<{ ms: number; times: number }>`
      select (extract(epoch from slot) * 1000)::float8 as ms, count(*)::int as times from effect where job = ${job} group by slot order by slot`.execute(
      db,
    )
    const { rows: jobs } = await sql<{ missed: number }>`select missed::int as missed from job where name = ${job}`.execute(db)
    const { rows: refused } = await sql<{ refused: number }>`select count(*)::int as refused from refused where job = ${job}`.execute(db)
    return { runs, effects, missed: jobs[0]?.missed as number, refused: refused[0]?.refused as number }
  }

  /** The process that has a run in hand now; whichever is ready when none has. */
  async function holder(workers: Worker[]): Promise<Worker | undefined> {
    for (let tries = 50; tries > 0; tries--) {
      const { rows } = await sql<{ pid: number }>`
        select split_part(owner, ' ', 2)::int as pid from job_run where state = 'running' order by started_at desc limit 1`.execute(db)
      const found = workers.find(({ child }) => child.pid === rows[0]?.pid)
      if (found) return found
      await pause(10)
    }
    return workers.find(worker => worker.ready)
  }

  /** Every slot from the first to the last ran, and had its effect once. */
  function assertExact({ runs, effects, missed }: Awaited<ReturnType<typeof settled>>, everyMs: number): void {
    const first = runs[0]?.ms as number
    const last = runs.at(-1)?.ms as number
    const all = Array.from({ length: (last - first) / everyMs + 1 }, (_, i) => first + i * everyMs)
    assert.deepEqual(
      runs.map(run => run.ms),
      all,
      'slots are missing',
    )
    assert.deepEqual(
      effects.filter(effect => effect.times !== 1),
      [],
      'slots had their effect twice',
    )
    assert.deepEqual(
      effects.map(effect => effect.ms),
      all,
      'slots are without effect',
    )
    assert.ok(
      runs.every(run => run.outcome === 'done'),
      'runs did not succeed',
    )
    assert.equal(missed, 0)
  }

  const tick: TestJob = { name: 'tick', about: '', schedule: 'every 100ms', overlap: 'allow', catchUp: { all: 1_000 }, workMs: 30 }

  return {
    /** Three schedulers whose clocks differ by hours, ten slots a second; one is killed three times a second, sometimes all. */
    async killed({ forMs }: { forMs: number }) {
      await prepare()
      const jobs = [tick, { ...tick, name: 'one-by-one', schedule: 'every 500ms', overlap: 'queue' as const }]
      let workers = CLOCKS.map(off => start(jobs, { off }))
      let kills = 0
      try {
        await ready(workers)
        const until = performance.now() + forMs
        for (let round = 1; performance.now() < until; round++) {
          await pause(KILL_EVERY_MS)
          // Whoever has only just been started may come so far as to work.
          const one = round % 2 === 0 ? workers.find(worker => worker.ready) : await holder(workers)
          const victims = round % ALL_EVERY === 0 ? workers : one ? [one] : []
          await end(victims)
          kills += victims.length
          workers = [
            ...workers.filter(worker => !victims.includes(worker)),
            ...victims.map(victim => start(jobs, { off: CLOCKS[workers.indexOf(victim)] })),
          ]
        }
        await ready(workers)
        const [ticks, queued] = [await settled('tick'), await settled('one-by-one')]
        assertExact(ticks, 100)
        assertExact(queued, 500)
        const runs = [...ticks.runs, ...queued.runs]
        return { kills, slots: runs.length, takenOver: runs.filter(run => run.attempt > 1).length }
      } finally {
        await end(workers)
      }
    },

    /**
     * The holder of runs is frozen for longer than its leases; others take them over, and what it brings later is refused. Who
     * was frozen may have had nothing in hand by then: rounds are added until it has been met.
     */
    async frozen({ rounds }: { rounds: number }) {
      await prepare()
      const jobs = [{ ...tick, workMs: 150 }]
      const workers = CLOCKS.map(off => start(jobs, { off }))
      try {
        await ready(workers)
        const met = async () => {
          const { rows } = await sql<{ refused: number; takenOver: number }>`
            select (select count(*) from refused)::int as refused, (select count(*) from job_run where attempt > 1)::int as "takenOver"`.execute(
            db,
          )
          return rows.every(row => row.refused > 0 && row.takenOver > 0)
        }
        for (let round = 0; round < rounds || (round < rounds + 20 && !(await met())); round++) {
          await pause(300)
          const { child } = (await holder(workers)) as Worker
          child.kill('SIGSTOP')
          await pause(FROZEN_MS)
          child.kill('SIGCONT')
          await pause(500)
        }
        const ticks = await settled('tick')
        assertExact(ticks, 100)
        return { slots: ticks.runs.length, takenOver: ticks.runs.filter(run => run.attempt > 1).length, refused: ticks.refused }
      } finally {
        await end(workers)
      }
    },

    /** Ten minutes in which nobody is there, for each policy: what is made up for, and what is counted. */
    async away() {
      await prepare()
      const minutely = { about: '', schedule: '* * * * *', overlap: 'queue' as const, workMs: 0 }
      const jobs: TestJob[] = [
        { ...minutely, name: 'none', catchUp: 'none' },
        { ...minutely, name: 'latest', catchUp: 'latest' },
        { ...minutely, name: 'five', catchUp: { all: 5 } },
      ]
      await runAt(jobs, '2026-11-20T04:00:30Z')
      await runAt(jobs, '2026-11-20T04:10:30Z')
      const found = await Promise.all(jobs.map(job => settled(job.name)))
      return Object.fromEntries(found.map(({ effects, missed }, i) => [(jobs[i] as TestJob).name, [effects.length, missed]]))
    },

    /** A day around each change of the clocks, looked at by three schedulers at once. */
    async clocksChange() {
      const nightly: TestJob = { name: 'nightly', about: '', schedule: '30 2 * * *', workMs: 0 }
      const seen: string[] = []
      for (const [day, next] of [
        ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'],
        ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'],
      ] as const) {
        await prepare()
        await runAt([nightly], day)
        await runAt([nightly], next)
        const { effects } = await settled('nightly')
        seen.push(...effects.map(({ ms, times }) => `${new Date(ms).toISOString()} ${times}`))
      }
      return seen
    },
  }

  async function runAt(jobs: TestJob[], now: string): Promise<void> {
    const workers = CLOCKS.map(off => start(jobs, { off, now }))
    try {
      await ready(workers)
      await pause(1_200) // each has looked at least once
    } finally {
      await end(workers)
    }
  }
}
