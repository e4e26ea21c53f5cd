// One run of a job, from claim to end. Whatever the job does (it returns, throws, hangs or comes back too late), the run
// ends once, within its time-out, and only the worker that holds the claim writes the outcome.

import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE, SECOND } from '../../base/clock.ts'
import type { Job, JobContext } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import type { Db, Tx } from '../database/database.ts'
import type { Claim } from './claim.sql.ts'
import { endRun, lockClaim, type RunEnd, releaseRun } from './run.sql.ts'
import { toMessage, toReport } from './run-report.ts'

const TIMEOUT_MS = 10 * MINUTE
const BACKOFF_MS = SECOND
const BACKOFF_MAX_MS = 5 * MINUTE
// If the database does not accept an outcome, it is written again at this interval while the lease may last.
const WRITE_RETRY_MS = 500

export type Outcome = RunEnd['outcome'] | 'retried' | 'released' | 'lost'

export interface RunningJob {
  claim: Claim
  /** Another worker holds the claim, or this worker cannot tell whether it still does. */
  markLost(): void
  /** The process is stopping: the job is asked to stop. */
  requestStop(): void
  /** The process stops now: a run that goes on is returned to `waiting`, so that another worker can start it at once. */
  release(): Promise<void>
  outcome: Promise<Outcome>
}

export function startRun(
  job: Job,
  claim: Claim,
  { db, log, random, leaseMs }: { db: Db; log: Log; random: () => number; leaseMs: number },
): RunningJob {
  const abort = new AbortController()
  const outcome = Promise.withResolvers<Outcome>()
  let settled: Outcome | undefined
  let stopRequested = false
  let timedOut = false
  // While an outcome is being written, the claim counts as held.
  let writing = false
  let committing: Promise<unknown> | undefined

  const timeoutMs = job.timeoutMs ?? TIMEOUT_MS
  const timer = setTimeout(() => {
    timedOut = true
    abort.abort(new Error('the time is up'))
    void end({ outcome: 'timed_out', message: `took longer than ${timeoutMs} ms`, report: null })
  }, timeoutMs)

  function settle(as: Outcome): void {
    settled ??= as
    clearTimeout(timer)
    if (!abort.signal.aborted) abort.abort(new Error(`the run is over: ${as}`))
    outcome.resolve(settled)
  }

  /** Writes an outcome until it is accepted, refused because the claim is lost, or the lease must be over. */
  async function writeOutcome(write: () => Promise<Outcome>): Promise<void> {
    writing = true // until it is settled
    for (const giveUpAt = performance.now() + leaseMs; settled === undefined; ) {
      try {
        const written = await write()
        if (written === 'lost') await committing // the commit may be what ended the run
        return settle(written)
      } catch (err) {
        if (performance.now() > giveUpAt) return settle('lost')
        log.warn({ err: toMessage(err) }, 'the outcome of a job run could not be written and is written again')
        await sleep(WRITE_RETRY_MS)
      }
    }
  }
  const end = (runEnd: RunEnd) => writeOutcome(async () => ((await endRun(db, claim, runEnd)) ? runEnd.outcome : 'lost'))
  const release = () =>
    writeOutcome(async () => ((await releaseRun(db, claim, { delayMs: 0, countAttempt: false, message: null })) ? 'released' : 'lost'))

  async function commit<T extends object | undefined | void>(effect: (tx: Tx) => Promise<T>): Promise<T> {
    const transaction = db.transaction().execute(async tx => {
      if (settled || !(await lockClaim(tx, claim))) throw new LostClaim()
      const value = await effect(tx)
      if (!(await endRun(tx, claim, { outcome: 'done', message: null, report: toReport(value) }))) throw new LostClaim()
      return value
    })
    committing = transaction.then(
      () => settle('done'),
      () => {
        committing = undefined
      },
    )
    return transaction
  }

  function handleError(err: unknown): Promise<void> | void {
    if (err instanceof LostClaim) return settle('lost')
    if (stopRequested) return release()
    log.warn({ err, attempt: claim.attempt }, 'job failed')
    if (claim.attempt > (job.retries ?? 0)) return end({ outcome: 'failed', message: toMessage(err), report: null })
    const delayMs = backoffMs(claim.attempt, job.backoffMs ?? BACKOFF_MS, random)
    return writeOutcome(async () =>
      (await releaseRun(db, claim, { delayMs, countAttempt: true, message: toMessage(err) })) ? 'retried' : 'lost',
    )
  }

  const { slot, attempt, fence } = claim
  const context: JobContext = { slot, attempt, fence, signal: abort.signal, log, commit }
  // Called in a `then`, because a job may throw synchronously.
  Promise.resolve()
    .then(() => job.run(context))
    .then(
      value => (settled || timedOut ? undefined : end({ outcome: 'done', message: null, report: toReport(value) })),
      err => (settled || timedOut ? undefined : handleError(err)),
    )
    .catch(err => log.error({ err }, 'job run could not be ended'))

  return {
    claim,
    markLost() {
      if (!committing && !writing) settle('lost')
    },
    requestStop() {
      stopRequested = true
      abort.abort(new Error('the process is to end'))
    },
    async release() {
      if (settled === undefined) await release()
    },
    outcome: outcome.promise,
  }
}

/** Exponential backoff with jitter: doubles with each attempt up to five minutes, and half of it is random. */
export function backoffMs(attempt: number, baseMs: number, random: () => number): number {
  const fullMs = Math.min(baseMs * 2 ** (attempt - 1), BACKOFF_MAX_MS)
  return Math.round(fullMs / 2 + (random() * fullMs) / 2)
}

class LostClaim extends Error {
  constructor() {
    super('this run is held by another process, or over')
  }
}
