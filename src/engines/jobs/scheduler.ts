// Runs jobs when they are due, once among any number of processes that do this. The rows decide (jobs.sql.ts): whoever
// locks a job's row looks which of its slots are due, puts a row for each that will run, and takes as many runs as it has
// places for. The clock of this machine is not asked: what is due, and whose lease is over, the database says; a timer
// only says when to look again.

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { SECOND } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import { withTimeout } from '../../base/timeout.ts'
import { createWakeableSleep } from '../../base/wakeable-sleep.ts'
import type { Db } from '../database/database.ts'
import { claimDueRuns } from './claim-due-runs.ts'
import {
  DATABASE_NOW,
  declareJob,
  deleteRemovedJobs,
  JOBS_CHANNEL,
  lockAllJobs,
  markRemovedJobs,
  type Now,
  pollJobs,
  readDatabaseTime,
  releaseRun,
  renewLeases,
} from './jobs.sql.ts'
import { type Outcome, type RunningJob, startRun } from './run.ts'
import { parseSchedule } from './schedule.ts'

/** A live process renews its leases four times before they are over; a dead one's runs are taken over as soon. */
const BEAT_MS = 10 * SECOND
const LEASE_MS = 40 * SECOND
/** How late a change made by others is noticed when its wake was lost. */
const LOOK_MS = SECOND
/** Another process has the job in hand, and is done with it in milliseconds. */
const BUSY_MS = 50
/** For each of three steps, of which but one takes long: the process as a whole has fifteen seconds to end. */
const STOP_MS = 4 * SECOND

/** An older version that is put back within it finds its jobs as people set them. */
const REMOVED_DAYS = 30

export interface SchedulerNeeds {
  db: Db
  jobs: Job[]
  /** Whose clocks cron expressions mean. */
  zone: string
  log: Log
  metrics: Metrics
  /** How many runs go on in this process at once. */
  concurrency: number
  random: () => number
  /** Calls back when others have changed something. */
  onNotification?: (channel: string, wake: () => void) => void
  now?: Now
  leaseMs?: number
  heartbeatMs?: number
  stopTimeoutMs?: number
}

export interface Scheduler {
  /** Asks the running jobs to end, waits a little, and gives back what goes on. */
  stop(): Promise<void>
}

/** Writes down which jobs there are, for whoever asks. */
export async function declareJobs(db: Db, jobs: Job[], zone: string, now: Now = DATABASE_NOW): Promise<void> {
  const twice = jobs.find(({ name }, i) => jobs.findIndex(other => other.name === name) < i)
  if (twice) throw new Error(`two jobs are called ${twice.name}`)
  // In the order in which others put them.
  const inOrder = jobs.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  await db.transaction().execute(async tx => {
    await lockAllJobs(tx)
    const moment = await readDatabaseTime(tx, now)
    for (const { name, about, schedule, overlap = 'skip', catchUp = 'latest' } of inOrder) {
      const { text, next } = parseSchedule(schedule, zone)
      const policy = typeof catchUp === 'string' ? catchUp : `all ${catchUp.all}`
      await declareJob(tx, { name, about, declared: text, overlap, catchUp: policy, next: asDate(next(moment)) })
    }
    await markRemovedJobs(
      tx,
      jobs.map(job => job.name),
    )
    await deleteRemovedJobs(tx, REMOVED_DAYS)
  })
}

export const asDate = (at: number | undefined) => (at === undefined ? null : new Date(at))

export async function startScheduler(needs: SchedulerNeeds): Promise<Scheduler> {
  const { db, log, now = DATABASE_NOW, leaseMs = LEASE_MS, heartbeatMs = BEAT_MS, stopTimeoutMs = STOP_MS, concurrency } = needs
  const jobs = new Map(needs.jobs.map(job => [job.name, job]))
  const names = [...jobs.keys()]
  // Whom people would look for; the fence, not this, says whose a run is.
  const owner = `${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`
  const metrics = meters(needs.metrics)
  await declareJobs(db, needs.jobs, needs.zone, now)

  const running = new Set<RunningJob>()
  let stopped = false
  const { sleep, wake } = createWakeableSleep()
  needs.onNotification?.(JOBS_CHANNEL, wake)

  /** Returns how long nothing will be to do. */
  async function turn(): Promise<number> {
    const seen = await pollJobs(db, names, now)
    for (const [job, at] of seen.successes) metrics.lastSuccess(job, at)
    if (seen.dueInMs > 0) return seen.dueInMs
    if (running.size >= concurrency) return LOOK_MS // the end of a run wakes us
    const { claims, missed, skipped, failed } = await claimDueRuns({
      db,
      jobs,
      zone: needs.zone,
      now,
      limit: concurrency - running.size,
      owner,
      leaseMs,
      log,
    })
    for (const [job, count] of missed) metrics.missed(job, count)
    for (const [job, count] of skipped) metrics.ended(job, 'skipped', count)
    for (const job of failed) metrics.ended(job, 'failed')
    if (stopped) for (const claim of claims) await releaseRun(db, claim, { inMs: 0, tried: false, message: null })
    if (stopped) return 0
    for (const claim of claims) {
      const job = jobs.get(claim.job) as Job
      const run = startRun(job, claim, {
        ...needs,
        leaseMs,
        log: log.child({ job: job.name, slot: claim.slot, fence: claim.fence.toString() }),
      })
      running.add(run)
      void run.outcome.then(fate => {
        running.delete(run)
        noteFate(claim.job, fate)
        wake()
      })
    }
    return claims.length > 0 ? 0 : BUSY_MS
  }

  function noteFate(job: string, fate: Outcome): void {
    if (fate === 'done') metrics.lastSuccess(job, new Date())
    if (fate !== 'released') metrics.ended(job, fate)
  }

  const looking = (async () => {
    while (!stopped) {
      const pauseMs = await turn().catch(err => {
        log.warn({ err: (err as Error).message }, 'jobs could not be looked at')
        return LOOK_MS
      })
      if (!stopped && pauseMs > 0) await sleep(Math.min(Math.ceil(pauseMs), LOOK_MS))
    }
  })()

  // By a monotonic clock: a process that was frozen for longer than its leases last must not believe it holds them.
  let renewedAt = performance.now()
  let beating: Promise<void> | undefined
  const beats = setInterval(() => {
    beating ??= beat().finally(() => {
      beating = undefined
    })
  }, heartbeatMs)

  async function beat(): Promise<void> {
    const sentAt = performance.now()
    const held = [...running]
    try {
      const fences = held.map(({ claim }) => claim.fence)
      const ours = new Set(held.length > 0 ? await renewLeases(db, fences, leaseMs) : [])
      renewedAt = sentAt
      // A run that ended meanwhile is no longer ours either, and knows it.
      for (const run of held) if (!ours.has(run.claim.fence)) run.markLost()
    } catch (err) {
      log.warn({ err: (err as Error).message }, 'job leases not renewed')
      if (performance.now() - renewedAt > leaseMs) for (const run of held) run.markLost()
    }
  }

  return {
    async stop() {
      stopped = true
      wake()
      const goOn = () => {}
      // A database that does not answer must not hold up the process: what it holds is taken over once its leases are over.
      await withTimeout(stopTimeoutMs, looking, goOn)
      for (const run of running) run.requestStop()
      await withTimeout(stopTimeoutMs, Promise.all([...running].map(run => run.outcome)), goOn)
      clearInterval(beats)
      await withTimeout(stopTimeoutMs, Promise.all([beating, ...[...running].map(run => run.release())]), goOn)
    },
  }
}

function meters(metrics: Metrics) {
  const runs = metrics.counter('job_runs_total', 'Runs of jobs that ended in this process', ['job', 'outcome'])
  const missed = metrics.counter('job_missed_total', 'Slots that came due while no worker was there and are not made up for', ['job'])
  const successes = new Map<string, number>()
  metrics.labelledGauge('job_last_success_timestamp_seconds', 'When each job last succeeded, anywhere', ['job'], () =>
    [...successes].map(([job, at]) => [[job], at]),
  )
  return {
    ended: (job: string, outcome: Outcome | 'skipped', count = 1) => runs.add([job, outcome], count),
    missed: (job: string, count: number) => missed.add([job], count),
    lastSuccess: (job: string, at: Date) => void successes.set(job, Math.max(at.getTime() / 1000, successes.get(job) ?? 0)),
  }
}
