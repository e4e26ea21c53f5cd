// How often something may happen, per address or per number. A hint, not a promise: counted by each process for itself,
// and in Redis, where there is one, by all together. So a Redis that is away, forgets, or holds something foreign lifts no
// limit of a process. What must hold for sure (tries of a code) is kept in rows instead.

import { LRUCache } from 'lru-cache'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { defineScript, KEY_PREFIX, type Redis } from '../redis/redis.ts'

export interface RateLimiter {
  /** Takes one of what is left to `key` and answers 0; where nothing is left, in how many seconds there is again. */
  consume(key: string): Promise<number>
  /** Gives back all that `key` took: in Redis, and in this process. */
  reset(key: string): Promise<void>
}

export interface RateLimit {
  /** Sets this limit's keys apart. */
  name: string
  points: number
  seconds: number
}

/** Redis answers in a millisecond; what takes longer than this is not waited for. */
const WAIT_MS = 100
/** Of which a process counts; some 20 MB. Beyond it those who took least lately have all again. */
const KEYS_MAX = 50_000

/**
 * In the place of the library's: KEYS the count · ARGV how many to take, how many seconds a window is → how many were taken, in
 * how many milliseconds it ends. What is no number, or ends never or later than any window of ours does, somebody else put there.
 */
const COUNT = `
local ms = ARGV[2] * 1000
local taken, left = redis.pcall('INCRBY', KEYS[1], ARGV[1]), redis.call('PTTL', KEYS[1])
if type(taken) ~= 'number' or taken < 1 or left < 0 or left > ms then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ms)
  taken, left = tonumber(ARGV[1]), ms
end
return {taken, left}`

export function createRateLimiter({ name, points, seconds }: RateLimit, redis?: Redis): RateLimiter {
  const own = new RateLimiterMemory({ points, duration: seconds })
  // The library's memory has no bound of its own.
  const remembered = new LRUCache<string, true>({ max: KEYS_MAX, dispose: (_, key) => void own.delete(key) })
  const all =
    redis &&
    new RateLimiterRedis({
      storeClient: asLibraryClient(redis),
      useRedisPackage: true,
      customIncrTtlLuaScript: COUNT,
      keyPrefix: `${KEY_PREFIX}limit:${name}`,
      points,
      duration: seconds,
    })
  const waitFor = (limiter: RateLimiterAbstract, key: string) =>
    limiter.consume(key).then(
      () => 0,
      // No answer is no refusal.
      why => (why instanceof Error ? 0 : Math.max(1, Math.ceil(why.msBeforeNext / 1_000))),
    )
  return {
    async consume(key) {
      if (!remembered.get(key)) remembered.set(key, true)
      return (await waitFor(own, key)) || (all ? waitFor(all, key) : 0)
    },
    async reset(key) {
      remembered.delete(key)
      await all?.delete(key).catch(() => {}) // then its window ends by itself
    },
  }
}

/** As much of node-redis' client as the library calls. */
function asLibraryClient(redis: Redis) {
  return {
    eval: (text: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }) =>
      redis.run(defineScript(text), { keys, args }, WAIT_MS),
    del: (key: string) => redis.send(['UNLINK', key], WAIT_MS),
  }
}
