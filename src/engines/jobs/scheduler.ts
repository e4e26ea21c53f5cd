// Runs jobs when they are due, each slot once among all workers. The rows decide: a worker locks a job's row, plans its due
// slots and claims runs (claim-due-runs.ts). What is due, and whose lease is over, is decided by the database's clock; this
// process's timer only decides when to poll again.

import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { SECOND } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { NotifyTopic } from '../../base/task.ts'
import { withTimeout } from '../../base/timeout.ts'
import { createWakeableSleep } from '../../base/wakeable-sleep.ts'
import type { Db } from '../database/database.ts'
import { type Claim, pollJobs } from './claim.sql.ts'
import { claimDueRuns } from './claim-due-runs.ts'
import { declareJobs } from './declare-jobs.ts'
import { HEARTBEAT_MS, LEASE_MS, startHeartbeat } from './heartbeat.ts'
import { createJobMetrics } from './job-metrics.ts'
import { DATABASE_NOW, JOBS_TOPIC, type Now } from './jobs.sql.ts'
import { releaseRun } from './run.sql.ts'
import { type Outcome, type RunningJob, startRun } from './run.ts'

/** How late another process's change is seen when its notification was lost. */
const POLL_MS = SECOND
/** Another worker has locked the job, for a few milliseconds. */
const LOCKED_RETRY_MS = 50
/** For each of three steps, of which only one takes long: the whole process has fifteen seconds to stop. */
const STOP_TIMEOUT_MS = 4 * SECOND

export interface SchedulerNeeds {
  db: Db
  jobs: Job[]
  /** The time zone of cron expressions. */
  zone: string
  log: Log
  metrics: Metrics
  /** How many runs this process executes at the same time. */
  concurrency: number
  random: () => number
  /** Registers a listener for notifications. */
  onNotification?: (topic: NotifyTopic, listener: () => void) => void
  now?: Now
  leaseMs?: number
  heartbeatMs?: number
  stopTimeoutMs?: number
}

export interface Scheduler {
  /** Asks running jobs to stop, waits for them, and returns the rest to `waiting`. */
  stop(): Promise<void>
}

export async function startScheduler(needs: SchedulerNeeds): Promise<Scheduler> {
  const { db, log, concurrency, now = DATABASE_NOW } = needs
  const { leaseMs = LEASE_MS, heartbeatMs = HEARTBEAT_MS, stopTimeoutMs = STOP_TIMEOUT_MS } = needs
  const jobs = new Map(needs.jobs.map(job => [job.name, job]))
  const names = [...jobs.keys()]
  // For operators who look for the process. What counts is the fence.
  const owner = `${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`
  const metrics = createJobMetrics(needs.metrics)
  await declareJobs(db, needs.jobs, needs.zone, now)

  const running = new Set<RunningJob>()
  const heartbeat = startHeartbeat({ db, log, running, leaseMs, intervalMs: heartbeatMs })
  let stopped = false
  const { sleep, wake } = createWakeableSleep()
  needs.onNotification?.(JOBS_TOPIC, wake)

  /** Claims and starts what is due. Returns in how many milliseconds something will be due. */
  async function tick(): Promise<number> {
    const { dueInMs, successes } = await pollJobs(db, names, now)
    for (const [job, at] of successes) metrics.noteSuccess(job, at)
    if (dueInMs > 0) return dueInMs
    const limit = concurrency - running.size
    if (limit <= 0) return POLL_MS // a run that ends causes the next tick
    const { claims, missed, skipped, failed } = await claimDueRuns({ db, jobs, zone: needs.zone, now, limit, owner, leaseMs, log })
    for (const [job, count] of missed) metrics.countMissed(job, count)
    for (const [job, count] of skipped) metrics.countRuns(job, 'skipped', count)
    for (const job of failed) metrics.countRuns(job, 'failed')
    if (stopped) {
      for (const claim of claims) await releaseRun(db, claim, { delayMs: 0, countAttempt: false, message: null })
      return 0
    }
    for (const claim of claims) start(claim)
    return claims.length > 0 ? 0 : LOCKED_RETRY_MS
  }

  function start(claim: Claim): void {
    const job = jobs.get(claim.job) as Job
    const runLog = log.child({ job: job.name, slot: claim.slot, fence: claim.fence.toString() })
    const run = startRun(job, claim, { db, random: needs.random, leaseMs, log: runLog })
    running.add(run)
    void run.outcome.then(outcome => {
      running.delete(run)
      recordOutcome(claim.job, outcome)
      wake()
    })
  }

  function recordOutcome(job: string, outcome: Outcome): void {
    if (outcome === 'done') metrics.noteSuccess(job, new Date())
    if (outcome !== 'released') metrics.countRuns(job, outcome)
  }

  const ticking = (async () => {
    while (!stopped) {
      const pauseMs = await tick().catch(err => {
        log.warn({ err: (err as Error).message }, 'jobs could not be polled')
        return POLL_MS
      })
      if (!stopped && pauseMs > 0) await sleep(Math.min(Math.ceil(pauseMs), POLL_MS))
    }
  })()

  return {
    async stop() {
      stopped = true
      wake()
      // If the database does not answer, the process must not wait: its runs are taken over when their leases are over.
      const giveUp = () => {}
      await withTimeout(stopTimeoutMs, ticking, giveUp)
      for (const run of running) run.requestStop()
      await withTimeout(stopTimeoutMs, Promise.all([...running].map(run => run.outcome)), giveUp)
      const heartbeatEnd = heartbeat.stop()
      await withTimeout(stopTimeoutMs, Promise.all([heartbeatEnd, ...[...running].map(run => run.release())]), giveUp)
    },
  }
}
