// Schedulers that are killed, frozen, absent, or wrong about the time. Each run adds a row to the table `effect`, which then
// shows whether every slot had its effect once. worker.ts is one scheduler.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Job } from '../../../src/base/job.ts'
import type { TestDatabase } from '../../support/database.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const WORKER = join(import.meta.dirname, 'worker.ts')
const HOUR_MS = 3_600_000
/** One worker has the right time, one is an hour ahead, one an hour behind. */
const CLOCK_OFFSETS_MS = [0, HOUR_MS, -HOUR_MS]
const KILL_INTERVAL_MS = 300
/** Every fifth kill is of all workers. */
const KILL_ALL_EVERY = 5
const FROZEN_MS = 1_600 // the lease of these schedulers is a second
const EXTRA_ROUNDS_MAX = 20

type TestJob = Omit<Job, 'run'> & { workMs: number }

interface Worker {
  child: ChildProcess
  ready: boolean
}

const TICK: TestJob = { name: 'tick', about: '', schedule: 'every 100ms', overlap: 'allow', catchUp: { all: 1_000 }, workMs: 30 }

export function createJobsScenario({ db, url }: TestDatabase) {
  async function prepare(): Promise<void> {
    await sql`create table if not exists effect (job text, slot timestamptz, pid int)`.execute(db)
    await sql`create table if not exists refused (job text, slot timestamptz)`.execute(db)
    for (const table of ['effect', 'refused', 'job_run', 'job']) await sql`delete from ${sql.table(table)}`.execute(db)
  }

  function start(jobs: TestJob[], { clockOffsetMs = 0, now = '' } = {}): Worker {
    const env = { ...process.env, DATABASE_URL: url, CLOCK_OFFSET_MS: String(clockOffsetMs), NOW: now, JOBS: JSON.stringify(jobs) }
    const child = spawn(process.execPath, [WORKER], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const worker = { child, ready: false }
    child.stdout?.once('data', () => {
      worker.ready = true
    })
    return worker
  }

  async function waitUntilReady(workers: Worker[]): Promise<void> {
    await eventually(
      () => workers.filter(worker => !worker.ready).length,
      starting => starting === 0,
    )
  }

  /** The worker that is executing a run; if none is, any that is ready. */
  async function findBusy(workers: Worker[]): Promise<Worker | undefined> {
    for (let tries = 50; tries > 0; tries--) {
      const { rows } = await sql<{ pid: number }>`
        select split_part(owner, ' ', 2)::int as pid from job_run where state = 'running' order by started_at desc limit 1`.execute(db)
      const busy = workers.find(({ child }) => child.pid === rows[0]?.pid)
      if (busy) return busy
      await pause(10)
    }
    return workers.find(worker => worker.ready)
  }

  /** Starts three workers at a given time, waits until each has polled, and kills them. */
  async function runAt(jobs: TestJob[], now: string): Promise<void> {
    const workers = CLOCK_OFFSETS_MS.map(clockOffsetMs => start(jobs, { clockOffsetMs, now }))
    try {
      await waitUntilReady(workers)
      await pause(1_200)
    } finally {
      await kill(workers)
    }
  }

  /** Pauses the job, waits until its runs have ended, and returns what became of its slots. */
  async function settle(job: string) {
    await sql`update job set paused = true where name = ${job}`.execute(db)
    for (const giveUpAt = performance.now() + 3 * PATIENCE_MS; ; await pause(50)) {
      const { rows } = await sql<{
        unfinished: number
      }>`select count(*)::int as unfinished from job_run where job = ${job} and state <> 'ended'`.execute(db)
      if (rows[0]?.unfinished === 0) break
      // Waiting runs are held back by the pause. Manual runs are not.
      await sql`update job_run set asked = true where job = ${job} and state = 'waiting'`.execute(db)
      assert.ok(performance.now() < giveUpAt, 'the runs do not end')
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

  return {
    /** Three workers whose clocks differ by hours run ten slots a second, while one, or sometimes all, are killed and replaced. */
    async killWorkers({ forMs }: { forMs: number }) {
      await prepare()
      const jobs = [TICK, { ...TICK, name: 'one-by-one', schedule: 'every 500ms', overlap: 'queue' as const }]
      let workers = CLOCK_OFFSETS_MS.map(clockOffsetMs => start(jobs, { clockOffsetMs }))
      let kills = 0
      try {
        await waitUntilReady(workers)
        const endAt = performance.now() + forMs
        for (let round = 1; performance.now() < endAt; round++) {
          await pause(KILL_INTERVAL_MS)
          // Alternately a busy worker and the oldest one, so that a new one gets time to work.
          const one = round % 2 === 0 ? workers.find(worker => worker.ready) : await findBusy(workers)
          const victims = round % KILL_ALL_EVERY === 0 ? workers : one ? [one] : []
          await kill(victims)
          kills += victims.length
          workers = [
            ...workers.filter(worker => !victims.includes(worker)),
            ...victims.map(victim => start(jobs, { clockOffsetMs: CLOCK_OFFSETS_MS[workers.indexOf(victim)] })),
          ]
        }
        await waitUntilReady(workers)
        const [ticks, queued] = [await settle('tick'), await settle('one-by-one')]
        assertEverySlotOnce(ticks, 100)
        assertEverySlotOnce(queued, 500)
        const runs = [...ticks.runs, ...queued.runs]
        return { kills, slots: runs.length, takenOver: runs.filter(run => run.attempt > 1).length }
      } finally {
        await kill(workers)
      }
    },

    /**
     * A busy worker is frozen for longer than its lease. Others take its runs over, and its late commits are refused. A frozen
     * worker may happen to hold no run, so rounds are added until both have occurred.
     */
    async freezeWorkers({ rounds }: { rounds: number }) {
      await prepare()
      const jobs = [{ ...TICK, workMs: 150 }]
      const workers = CLOCK_OFFSETS_MS.map(clockOffsetMs => start(jobs, { clockOffsetMs }))
      const hasOccurred = async () => {
        const { rows } = await sql<{ refused: number; takenOver: number }>`
          select (select count(*) from refused)::int as refused, (select count(*) from job_run where attempt > 1)::int as "takenOver"`.execute(
          db,
        )
        return rows.every(row => row.refused > 0 && row.takenOver > 0)
      }
      try {
        await waitUntilReady(workers)
        for (let round = 0; round < rounds || (round < rounds + EXTRA_ROUNDS_MAX && !(await hasOccurred())); round++) {
          await pause(300)
          const { child } = (await findBusy(workers)) as Worker
          child.kill('SIGSTOP')
          await pause(FROZEN_MS)
          child.kill('SIGCONT')
          await pause(500)
        }
        const ticks = await settle('tick')
        assertEverySlotOnce(ticks, 100)
        return { slots: ticks.runs.length, takenOver: ticks.runs.filter(run => run.attempt > 1).length, refused: ticks.refused }
      } finally {
        await kill(workers)
      }
    },

    /** Ten minutes without a worker. Returns by catch-up policy how many slots ran, and how many were missed. */
    async stopForTenMinutes() {
      await prepare()
      const minutely = { about: '', schedule: '* * * * *', overlap: 'queue' as const, workMs: 0 }
      const jobs: TestJob[] = [
        { ...minutely, name: 'none', catchUp: 'none' },
        { ...minutely, name: 'latest', catchUp: 'latest' },
        { ...minutely, name: 'five', catchUp: { all: 5 } },
      ]
      await runAt(jobs, '2026-11-20T04:00:30Z')
      await runAt(jobs, '2026-11-20T04:10:30Z')
      const results = await Promise.all(jobs.map(job => settle(job.name)))
      return Object.fromEntries(results.map(({ effects, missed }, i) => [(jobs[i] as TestJob).name, [effects.length, missed]]))
    },

    /** The days around each change of the clocks, with three workers. Returns each slot and how often it had its effect. */
    async changeClocks() {
      const nightly: TestJob = { name: 'nightly', about: '', schedule: '30 2 * * *', workMs: 0 }
      const executed: string[] = []
      for (const [day, nextDay] of [
        ['2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'],
        ['2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'],
      ] as const) {
        await prepare()
        await runAt([nightly], day)
        await runAt([nightly], nextDay)
        const { effects } = await settle('nightly')
        executed.push(...effects.map(({ ms, times }) => `${new Date(ms).toISOString()} ${times}`))
      }
      return executed
    },
  }
}

async function kill(workers: Worker[]): Promise<void> {
  await Promise.all(
    workers.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }),
  )
}

interface SlotResults {
  runs: { ms: number; outcome: string }[]
  effects: { ms: number; times: number }[]
  missed: number
}

/** Every slot from the first to the last ran, and had its effect once. */
function assertEverySlotOnce({ runs, effects, missed }: SlotResults, intervalMs: number): void {
  const first = runs[0]?.ms as number
  const last = runs.at(-1)?.ms as number
  const slots = Array.from({ length: (last - first) / intervalMs + 1 }, (_, i) => first + i * intervalMs)
  assert.deepEqual(
    runs.map(run => run.ms),
    slots,
    'slots are missing',
  )
  assert.deepEqual(
    effects.filter(effect => effect.times !== 1),
    [],
    'slots had their effect twice',
  )
  assert.deepEqual(
    effects.map(effect => effect.ms),
    slots,
    'slots are without effect',
  )
  assert.ok(
    runs.every(run => run.outcome === 'done'),
    'runs did not succeed',
  )
  assert.equal(missed, 0)
}
