// How often something may happen, per address or per number. A hint, not a promise: counted by each process for itself,
// and in Redis, where there is one, by all together. So a Redis that is away, forgets, or holds something foreign lifts no
// limit of a process. What must hold for sure (tries of a code) is kept in rows instead.

import { LRUCache } from 'lru-cache'
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

/**
 * KEYS: the count · ARGV: how long a window is, in milliseconds → how many were taken, in how many milliseconds it ends.
 * What is no number, or ends never or later than any window of ours does, somebody else put there.
 */
const COUNT = defineScript(`
local ms = tonumber(ARGV[1])
local taken, left = redis.pcall('INCR', KEYS[1]), redis.call('PTTL', KEYS[1])
if type(taken) ~= 'number' or taken < 1 or left < 0 or left > ms then
  redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
  taken, left = 1, ms
end
return {taken, left}`)

export function createLimiter(limit: Limit, redis?: Redis): Limiter {
  const { name, points, seconds, monotonic = () => performance.now() } = limit
  const windows = new LRUCache<string, { taken: number; endsAt: number }>({ max: KEYS_MAX })
  const keyOf = (key: string) => `${PREFIX}limit:${name}:${key}`
  const waitFor = (taken: number, leftMs: number) => (taken <= points ? 0 : Math.max(1, Math.ceil(leftMs / 1_000)))

  function takeHere(key: string): number {
    const now = monotonic()
    let window = windows.get(key)
    if (!window || window.endsAt <= now) windows.set(key, (window = { taken: 0, endsAt: now + seconds * 1_000 }))
    window.taken++
    return waitFor(window.taken, window.endsAt - now)
  }

  async function takeOfAll(key: string): Promise<number> {
    const counted = redis?.run<[number, number]>(COUNT, { keys: [keyOf(key)], args: [String(seconds * 1_000)] }, WAIT_MS)
    const [taken, leftMs] = (await counted?.catch(() => undefined)) ?? [0, 0] // no answer is no refusal
    return waitFor(taken, leftMs)
  }

  return {
    take: async key => takeHere(key) || takeOfAll(key),
    async giveBack(key) {
      windows.delete(key)
      await redis?.send(['UNLINK', keyOf(key)], WAIT_MS).catch(() => {}) // then its window ends by itself
    },
  }
}
