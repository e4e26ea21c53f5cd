// Redis as caches use it: with a short time-out, and behind a circuit breaker. So a Redis that hangs or keeps failing costs
// requests next to nothing.

import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel'
import type { Log } from '../../base/log.ts'
import { type Redis, RedisUnavailable } from '../redis/redis.ts'

export type CacheRedis = Pick<Redis, 'runAll' | 'instance'>

/** Redis answers in a millisecond. After fifty, the database is quicker. */
const TIMEOUT_MS = 50
/** In a row. A single late answer proves nothing. */
const FAILURES_MAX = 3
/** After this time one call is let through; if it succeeds, all are again. */
const OPEN_MS = 500

export function withCircuitBreaker(redis: Redis, log: Log, timeoutMs = TIMEOUT_MS): CacheRedis {
  const breaker = circuitBreaker(handleType(RedisUnavailable), { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_MAX) })
  breaker.onStateChange(state => log.warn({ state: CircuitState[state] }, 'redis circuit breaker of the caches changed state'))
  return {
    runAll: (script, calls) => breaker.execute(() => redis.runAll(script, calls, timeoutMs)),
    instance: () => redis.instance(),
  }
}
