// Puts a deadline, a circuit breaker and a bulkhead in front of a recommender, so that its trouble does not become the feed's:
// the feed gets a response or an error in time, and then uses the fallback.

import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
} from 'cockatiel'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { Problem, unavailable } from '../base/problem.ts'
import { withTimeout } from '../base/timeout.ts'
import type { Recommender } from './contract.ts'

export interface CallLimits {
  deadlineMs: number
  /** Calls at once; further ones wait in a queue, within their deadline. */
  concurrencyMax: number
}

/** For a recommender in another process. At 150 ms each, 64 calls are 400 a second that may wait in vain. */
export const REMOTE_LIMITS: CallLimits = { deadlineMs: 150, concurrencyMax: 64 }
/**
 * For a recommender in this process. It is slow only if everything is: then the fallback is no faster, and its page is not
 * stored, so a retry would get another one.
 */
export const LOCAL_LIMITS: CallLimits = { deadlineMs: 5_000, concurrencyMax: 2_000 }

interface Needs extends CallLimits {
  recommender: Recommender
  log: Log
  metrics: Metrics
}

const FAILURES_TO_OPEN = 10 // in a row: a few slow answers happen, ten are an outage
const QUEUE_MAX = 1_000
const OPEN_MS = 1_000
const OPEN_MS_MAX = 2_500 // a recommender that is back is used again within three seconds

export function createResilientRecommender({ recommender, deadlineMs, concurrencyMax, log, metrics }: Needs): Recommender {
  const calls = metrics.histogram(
    'recommender_call_seconds',
    'Time the feed waits for the recommender, without answers that are in memory',
    ['outcome'],
  )
  const breaker = circuitBreaker(
    // An invalid request or a full queue says nothing about the recommender.
    handleWhen(err => !(err instanceof Problem && err.kind === 'invalid') && !(err instanceof BulkheadRejectedError)),
    {
      halfOpenAfter: new ExponentialBackoff({ initialDelay: OPEN_MS, maxDelay: OPEN_MS_MAX }),
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    },
  )
  // Calls refused by the open breaker are counted and not logged one by one. The log field is `without`.
  let refused = 0
  breaker.onStateChange(state => {
    if (state === CircuitState.HalfOpen) return
    log.warn({ state: CircuitState[state], without: refused }, 'recommender breaker changed state')
    refused = 0
  })
  const slots = bulkhead(concurrencyMax, QUEUE_MAX)

  return {
    recall(request) {
      try {
        return recommender.recall?.(request)
      } catch (err) {
        log.warn({ err }, 'recommender could not recall an answer')
        return undefined
      }
    },

    async recommend(request) {
      const startedAt = performance.now()
      const observe = (outcome: string) => calls.observe((performance.now() - startedAt) / 1000, [outcome])
      try {
        // The deadline includes the wait for a slot. The library's own timeout makes an AbortSignal per call, which costs as
        // much as ranking a page.
        const response = await breaker.execute(() =>
          withTimeout(
            deadlineMs,
            slots.execute(() => recommender.recommend(request)),
            throwTooSlow,
          ),
        )
        observe('ok')
        return response
      } catch (err) {
        const outcome = outcomeOf(err)
        observe(outcome)
        if (outcome === 'open') refused++
        else if (outcome !== 'invalid') log.warn({ reason: (err as Error).message }, 'recommender gave no answer')
        if (err instanceof BrokenCircuitError) throw unavailable('the circuit breaker of the recommender is open')
        if (err instanceof BulkheadRejectedError) throw unavailable('too many requests wait for the recommender')
        throw err
      }
    },
  }
}

function throwTooSlow(): never {
  throw new Problem('too-slow', 'the recommender took too long')
}

function outcomeOf(err: unknown): string {
  if (err instanceof Problem && err.kind === 'too-slow') return 'late'
  if (err instanceof BrokenCircuitError) return 'open'
  if (err instanceof BulkheadRejectedError) return 'full'
  return err instanceof Problem && err.kind === 'invalid' ? 'invalid' : 'failed'
}
