// How often something may happen, per address or per number. A hint, not a promise: counted by each process for itself,
// and in Redis, where there is one, by all together. So a Redis that is away, forgets, or holds something foreign lifts no
// limit of a process. What must hold for sure (tries of a code) is kept in rows instead.

import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
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

/** Redis answers in a millisecond; what takes longer than this is not waited for. */
const WAIT_MS = 100

export function createLimiter({ name, points, seconds }: Limit, redis?: Redis): Limiter {
  const own = new RateLimiterMemory({ points, duration: seconds })
  const all =
    redis &&
    new RateLimiterRedis({
      storeClient: asLibraryClient(redis),
      useRedisPackage: true,
      keyPrefix: `${PREFIX}limit:${name}`,
      points,
      duration: seconds,
    })
  const takes = (limiter: RateLimiterAbstract, key: string) =>
    limiter.consume(key).then(
      () => true,
      why => why instanceof Error, // no answer is no refusal
    )
  return { take: async key => (await takes(own, key)) && (!all || takes(all, key)) }
}

/** As much of node-redis' client as the library calls to count. */
function asLibraryClient(redis: Redis) {
  return {
    eval: (text: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }) =>
      redis.run(defineScript(text), { keys, args }, WAIT_MS),
  }
}
