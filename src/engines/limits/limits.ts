// How often something may happen, per address or per number. A hint, not a promise: counted by each process for itself,
// and in Redis, where there is one, by all together. So a Redis that is away, forgets, or holds something foreign lifts no
// limit of a process. What must hold for sure (tries of a code) is kept in rows instead.

import { LRUCache } from 'lru-cache'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { defineScript, PREFIX, type Redis } from '../redis/redis.ts'

export interface Limiter {
  /** Takes one of what is left to `key` and answers 0; where nothing is left, in how many seconds there is again. */
  take(key: string): Promise<number>
  /** Gives back all that `key` took: in Redis, and in this process. */
  giveBack(key: string): Promise<void>
}

export interface Limit {
  /** Sets this limit's keys apart. */
  name: string
  points: number
  seconds: number
  /** Milliseconds, never going back. */
  monotonic?: () => number
}

/** Redis answers in a millisecond; what takes longer than this is not waited for. */
const WAIT_MS = 100
/** Of which a process counts; some 10 MB. Beyond it those who took least lately have all again. */
const KEYS_MAX = 50_000

/** As much of node-redis' client as the library calls: `eval` answers how many were taken, and in how many milliseconds the window ends. */
interface Counts {
  eval(script: string, call: { keys: string[]; arguments: string[] }): Promise<[taken: number, leftMs: number]>
  del(key: string): Promise<number>
}

/**
 * KEYS: the count · ARGV: how many to take, how many seconds a window is → how many were taken, in how many milliseconds it ends.
 * What is no number, or ends never or later than any window of ours does, somebody else put there.
 */
const COUNT = defineScript(`
local ms = ARGV[2] * 1000
local taken, left = redis.pcall('INCRBY', KEYS[1], ARGV[1]), redis.call('PTTL', KEYS[1])
if type(taken) ~= 'number' or taken < 1 or left < 0 or left > ms then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ms)
  taken, left = tonumber(ARGV[1]), ms
end
return {taken, left}`)

export function createLimiter({ name, points, seconds, monotonic = () => performance.now() }: Limit, redis?: Redis): Limiter {
  const limiter = (storeClient: Counts) =>
    new RateLimiterRedis({ storeClient, useRedisPackage: true, keyPrefix: `${PREFIX}limit:${name}`, points, duration: seconds })
  const [own, all] = [limiter(countsHere(monotonic)), redis && limiter(countsOfAll(redis))]
  const waitFor = (from: RateLimiterRedis, key: string) =>
    from.consume(key).then(
      () => 0,
      // No answer is no refusal.
      why => (why instanceof Error ? 0 : Math.max(1, Math.ceil(why.msBeforeNext / 1_000))),
    )
  return {
    take: async key => (await waitFor(own, key)) || (all ? waitFor(all, key) : 0),
    async giveBack(key) {
      await own.delete(key)
      await all?.delete(key).catch(() => {}) // then its window ends by itself
    },
  }
}

const countsOfAll = (redis: Redis): Counts => ({
  eval: (_script, { keys, arguments: args }) => redis.run(COUNT, { keys, args }, WAIT_MS),
  del: key => redis.send(['UNLINK', key], WAIT_MS),
})

/** The library's own memory has no bound, and a timer for each key. */
function countsHere(monotonic: () => number): Counts {
  const windows = new LRUCache<string, { taken: number; endsAt: number }>({ max: KEYS_MAX })
  return {
    async eval(_script, { keys: [key = ''], arguments: [points, seconds] }) {
      const now = monotonic()
      const last = windows.get(key)
      const window = last && last.endsAt > now ? last : { taken: 0, endsAt: now + Number(seconds) * 1_000 }
      if (window !== last) windows.set(key, window)
      window.taken += Number(points)
      return [window.taken, window.endsAt - now]
    },
    del: async key => Number(windows.delete(key)),
  }
}
