// Keeps a recommender in trouble from becoming the feed's trouble: an answer comes within the deadline or not at all, a
// recommender that keeps failing is left alone for a while, and only so many wait for it at once.

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

export interface GuardNeeds {
  recommender: Recommender
  deadlineMs: number
  /** How many may be asked for at once; others wait for a place. */
  waitingMax: number
  log: Log
  metrics: Metrics
}

const FAILURES = 10 // in a row: one slow answer is weather, ten are a state
const QUEUE_MAX = 1_000
const OPEN_MS = 1_000
const OPEN_MS_MAX = 2_500 // a recommender that is back is used again within three seconds

export function createResilientRecommender({ recommender, deadlineMs, waitingMax, log, metrics }: GuardNeeds): Recommender {
  const calls = metrics.histogram('recommender_call_seconds', 'Time the feed waits for the recommender', ['outcome'])
  const breaker = circuitBreaker(
    // What the caller asked wrongly says nothing about the recommender, nor does a place that was not to be had.
    handleWhen(err => !(err instanceof Problem && err.kind === 'invalid') && !(err instanceof BulkheadRejectedError)),
    { halfOpenAfter: new ExponentialBackoff({ initialDelay: OPEN_MS, maxDelay: OPEN_MS_MAX }), breaker: new ConsecutiveBreaker(FAILURES) },
  )
  // While it is left alone nobody is told of each page that does without.
  let without = 0
  breaker.onStateChange(state => {
    if (state === CircuitState.HalfOpen) return
    log.warn({ state: CircuitState[state], without }, 'recommender breaker changed state')
    without = 0
  })
  const places = bulkhead(waitingMax, QUEUE_MAX)

  return {
    async recommend(ask) {
      const began = performance.now()
      try {
        // Who waits for a place waits within the deadline. The library's own makes a signal for each call, which nobody
        // hears, and costs as much as the page.
        const answer = await breaker.execute(() =>
          withTimeout(
            deadlineMs,
            places.execute(() => recommender.recommend(ask)),
            tooSlow,
          ),
        )
        calls.observe((performance.now() - began) / 1000, ['ok'])
        return answer
      } catch (err) {
        const outcome = outcomeOf(err)
        calls.observe((performance.now() - began) / 1000, [outcome])
        if (outcome === 'open') without++
        else if (outcome !== 'invalid') log.warn({ reason: (err as Error).message }, 'recommender gave no answer')
        if (err instanceof BrokenCircuitError) throw unavailable('the recommender is given a rest')
        if (err instanceof BulkheadRejectedError) throw unavailable('too many wait for the recommender')
        throw err
      }
    },
  }
}

function tooSlow(): never {
  throw new Problem('too-slow', 'the recommender took too long')
}

function outcomeOf(err: unknown): string {
  if (err instanceof Problem && err.kind === 'too-slow') return 'late'
  if (err instanceof BrokenCircuitError) return 'open'
  if (err instanceof BulkheadRejectedError) return 'full'
  return err instanceof Problem && err.kind === 'invalid' ? 'invalid' : 'failed'
}
