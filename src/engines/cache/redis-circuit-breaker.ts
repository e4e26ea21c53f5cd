// Redis as caches use it: an answer comes within a few hundredths of a second or not at all, and a Redis that keeps
// failing is left alone for a while, so that it costs nothing.

import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel'
import type { Log } from '../../base/log.ts'
import { type Redis, RedisUnavailable } from '../redis/redis.ts'

export type CacheRedis = Pick<Redis, 'runAll' | 'instance'>

/** Redis answers in a millisecond; what takes fifty is quicker from the database. */
const WAIT_MS = 50
/** In a row: one late answer is weather. */
const FAILURES = 3
/** One of us asks again after this; all do as soon as that is answered. */
const OPEN_MS = 500

export function withCircuitBreaker(redis: Redis, log: Log, waitMs = WAIT_MS): CacheRedis {
  const breaker = circuitBreaker(handleType(RedisUnavailable), { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES) })
  breaker.onStateChange(state => log.warn({ state: CircuitState[state] }, 'redis breaker of the caches changed state'))
  return {
    runAll: (script, calls) => breaker.execute(() => redis.runAll(script, calls, waitMs)),
    instance: () => redis.instance(),
  }
}
