// How often something may happen, per address or per number. A hint, not a promise: counted in Redis by all processes
// together where there is one, in each process for itself while that is away, and forgotten with either. What must hold
// for sure (tries of a code) is kept in rows instead.

import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { defineScript, PREFIX, type Redis } from '../redis/redis.ts'

export interface Limiter {
  /** Takes one of what is left to `key`; false when nothing is. */
  take(key: string): Promise<boolean>
}

export interface Limit {
  /** Sets this limit's keys apart. */
  name: string
  points: number
  seconds: number
}

/** Redis answers in a millisecond; what takes longer than this is counted here meanwhile. */
const WAIT_MS = 100

export function createLimiter({ name, points, seconds }: Limit, redis?: Redis): Limiter {
  const memory = new RateLimiterMemory({ points, duration: seconds })
  const limiter = redis
    ? new RateLimiterRedis({
        storeClient: asLibraryClient(redis),
        useRedisPackage: true,
        keyPrefix: `${PREFIX}limit:${name}`,
        points,
        duration: seconds,
        insuranceLimiter: memory,
      })
    : memory
  return {
    take: key =>
      limiter.consume(key).then(
        () => true,
        () => false,
      ),
  }
}

/** As much of node-redis' client as the library calls to count. */
function asLibraryClient(redis: Redis) {
  return {
    eval: (text: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }) =>
      redis.run(defineScript(text), { keys, args }, WAIT_MS),
  }
}
