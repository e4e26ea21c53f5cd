// Limits how often something may happen, for example per address or phone number. Each process counts for itself, and all
// together in Redis, if there is one. So a Redis that is down, forgets or holds foreign data lifts no process's own limit.
// What must hold exactly, such as the attempts at a code, is kept in rows instead.

import { LRUCache } from 'lru-cache'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { entriesMax } from '../../base/entries-max.ts'
import { tooMany } from '../../base/problem.ts'
import { defineScript, KEY_PREFIX, type Redis } from '../redis/redis.ts'

export interface RateLimiter {
  /** Takes a point of `key`, or `points`, and returns 0. If too few are left, returns in how many seconds there will be. */
  consume(key: string, points?: number): Promise<number>
  /** Gives `key` all its points back, in Redis and in this process. */
  reset(key: string): Promise<void>
}

export interface RateLimit {
  /** Part of the keys in Redis. */
  name: string
  /** How often it may happen within `seconds`. */
  points: number
  seconds: number
}

/** Takes a point of `key`. Throws `too-many` with `refusal` if there is none left. */
export async function takePoint(limiter: RateLimiter, key: string, refusal?: string): Promise<void> {
  const retryAfter = await limiter.consume(key)
  if (retryAfter > 0) throw tooMany(retryAfter, refusal)
}

/** Redis answers in a millisecond. A request does not wait longer than this. */
const TIMEOUT_MS = 100
/** How many keys a process counts, in some 20 MB. A key beyond that has all its points again; the least recent one goes first. */
const KEYS_MAX = 50_000

/**
 * Replaces the library's script. KEYS: the count. ARGV: points to take, seconds of a window. Returns the points taken and in
 * how many milliseconds the window ends. A foreign value, or a window that is longer than ours or never ends, is replaced.
 */
const CONSUME = `
local ms = ARGV[2] * 1000
local taken, left = redis.pcall('INCRBY', KEYS[1], ARGV[1]), redis.call('PTTL', KEYS[1])
if type(taken) ~= 'number' or taken < 1 or left < 0 or left > ms then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ms)
  taken, left = tonumber(ARGV[1]), ms
end
return {taken, left}`

export function createRateLimiter({ name, points, seconds }: RateLimit, redis?: Redis): RateLimiter {
  const inProcess = new RateLimiterMemory({ points, duration: seconds })
  // Bounds the library's memory, which has no bound of its own.
  const keys = new LRUCache<string, true>({ ...entriesMax(KEYS_MAX), dispose: (_, key) => void inProcess.delete(key) })
  const inRedis =
    redis &&
    new RateLimiterRedis({
      storeClient: asLibraryClient(redis),
      useRedisPackage: true,
      customIncrTtlLuaScript: CONSUME,
      keyPrefix: `${KEY_PREFIX}limit:${name}`,
      points,
      duration: seconds,
    })
  return {
    async consume(key, count = 1) {
      if (!keys.get(key)) keys.set(key, true)
      return (await consumeFrom(inProcess, key, count)) || (inRedis ? consumeFrom(inRedis, key, count) : 0)
    },
    async reset(key) {
      keys.delete(key)
      await inRedis?.delete(key).catch(() => {}) // then its window expires
    },
  }
}

async function consumeFrom(limiter: RateLimiterAbstract, key: string, count: number): Promise<number> {
  try {
    await limiter.consume(key, count)
    return 0
  } catch (reason) {
    // An error means that Redis did not answer, which is no refusal.
    return reason instanceof Error ? 0 : Math.max(1, Math.ceil((reason as { msBeforeNext: number }).msBeforeNext / 1_000))
  }
}

/** As much of node-redis' client as the library calls. */
function asLibraryClient(redis: Redis) {
  return {
    eval: (text: string, { keys, arguments: args }: { keys: string[]; arguments: string[] }) =>
      redis.run(defineScript(text), { keys, args }, TIMEOUT_MS),
    del: (key: string) => redis.send(['UNLINK', key], TIMEOUT_MS),
  }
}
