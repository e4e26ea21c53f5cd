// One run of a job, from the claim to the record. Whatever the job does (returns, throws, hangs, floods, comes back
// too late), the run ends once, in its time, and only its holder's word counts.

import { MINUTE, SECOND } from '../../base/clock.ts'
import type { Job, JobContext } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import type { Db, Tx } from '../database/database.ts'
import { type Claim, type Ended, endRun, lockClaim, releaseRun } from './jobs.sql.ts'
import { toMessage, toReport } from './run-report.ts'

const TIMEOUT_MS = 10 * MINUTE
const BACKOFF_MS = SECOND
const BACKOFF_MAX_MS = 5 * MINUTE
// A result that the database did not take is offered again while the lease may last.
const OFFER_EVERY_MS = 500

export type Outcome = Ended['outcome'] | 'retried' | 'released' | 'lost'

export interface RunningJob {
  claim: Claim
  /** Somebody else holds the claim, or nobody can tell any more. */
  markLost(): void
  /** The process is to end: the job is asked to stop. */
  requestStop(): void
  /** The process ends now: gives the run back if it goes on, so that another worker may begin it at once. */
  release(): Promise<void>
  outcome: Promise<Outcome>
}

export function startRun(
  job: Job,
  claim: Claim,
  { db, log, random, leaseMs }: { db: Db; log: Log; random: () => number; leaseMs: number },
): RunningJob {
  const abort = new AbortController()
  let over: Outcome | undefined
  const settled = Promise.withResolvers<Outcome>()
  const settle = (fate: Outcome) => {
    over ??= fate
    clearTimeout(timer)
    // Whatever the job still does is of no use to anybody.
    if (!abort.signal.aborted) abort.abort(new Error(`the run is over: ${fate}`))
    settled.resolve(over)
  }

  // While it is being written how the run ends, nobody else's view of it counts.
  let ending: Promise<unknown> | undefined
  const inClaim = <T>(work: (tx: Tx) => Promise<T>) =>
    db.transaction().execute(async tx => {
      if (over || !(await lockClaim(tx, claim))) throw new LostClaim()
      return work(tx)
    })
  const context: JobContext = {
    slot: claim.slot,
    attempt: claim.attempt,
    fence: claim.fence,
    signal: abort.signal,
    log,
    async commit(effect) {
      const committing = inClaim(async tx => {
        const value = await effect(tx)
        if (!(await endRun(tx, claim, { outcome: 'done', message: null, report: toReport(value) }))) throw new LostClaim()
        return value
      })
      ending = committing.then(
        () => settle('done'),
        () => {
          ending = undefined
        },
      )
      return committing
    },
  }

  const timeoutMs = job.timeoutMs ?? TIMEOUT_MS
  let late = false
  const timer = setTimeout(() => {
    late = true
    abort.abort(new Error('the time is up'))
    void finish({ outcome: 'timed_out', message: `took longer than ${timeoutMs} ms`, report: null })
  }, timeoutMs)

  /** Writes the end down, unless it has been. */
  async function finish(ended: Ended): Promise<void> {
    await offer(async () => ((await endRun(db, claim, ended)) ? ended.outcome : 'lost'))
  }

  let writing = false
  async function offer(write: () => Promise<Outcome>): Promise<void> {
    writing = true // until it is settled
    for (const giveUp = performance.now() + leaseMs; over === undefined; ) {
      try {
        const fate = await write()
        if (fate === 'lost') await ending
        return settle(fate)
      } catch (err) {
        if (performance.now() > giveUp) return settle('lost')
        log.warn({ err: toMessage(err) }, 'the end of a job run could not be written and is tried again')
        await new Promise(resolve => setTimeout(resolve, OFFER_EVERY_MS))
      }
    }
  }

  let stopping = false
  // Not called by this function itself: a job may throw before it promises anything.
  Promise.resolve()
    .then(() => job.run(context))
    .then(
      value => (over || late ? undefined : finish({ outcome: 'done', message: null, report: toReport(value) })),
      err => {
        if (over || late) return undefined
        if (err instanceof LostClaim) return settle('lost')
        if (stopping) return release()
        log.warn({ err, attempt: claim.attempt }, 'job failed')
        const retries = job.retries ?? 0
        if (claim.attempt > retries) return finish({ outcome: 'failed', message: toMessage(err), report: null })
        const wait = backoffMs(claim.attempt, job.backoffMs ?? BACKOFF_MS, random)
        return offer(async () => ((await releaseRun(db, claim, { inMs: wait, tried: true, message: toMessage(err) })) ? 'retried' : 'lost'))
      },
    )
    .catch(err => log.error({ err }, 'job run could not be ended'))

  const release = () => offer(async () => ((await releaseRun(db, claim, { inMs: 0, tried: false, message: null })) ? 'released' : 'lost'))
  return {
    claim,
    markLost: () => {
      if (!ending && !writing) settle('lost')
    },
    requestStop() {
      stopping = true
      abort.abort(new Error('the process is to end'))
    },
    release: async () => {
      if (over === undefined) await release()
    },
    outcome: settled.promise,
  }
}

/** Twice as long each time, and never the same for two: half of it is chance. */
export function backoffMs(attempt: number, baseMs: number, random: () => number): number {
  const full = Math.min(baseMs * 2 ** (attempt - 1), BACKOFF_MAX_MS)
  return Math.round(full / 2 + (random() * full) / 2)
}

class LostClaim extends Error {
  constructor() {
    super('this run is held by another process, or over')
  }
}
