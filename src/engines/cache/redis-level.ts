// The second level: Redis, shared by all processes. Who finds nothing takes a lease and loads; the others wait for what
// that one brings, a few milliseconds at a time, and go on by themselves when its lease ends. A value is kept only by the
// holder of the lease, and a change of the key takes the lease away from who had not heard of it. Redis away, hung, foreign
// or full is a miss.

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { KEY_PREFIX } from '../redis/redis.ts'
import type { InvalidationTracker } from './invalidation-tracker.ts'
import { jitter, type Load } from './memory-level.ts'
import type { CacheRedis } from './redis-circuit-breaker.ts'
import { formatEntry, parseEntry } from './redis-entry.ts'
import { INVALIDATE, READ_OR_LEASE, RELEASE_LEASE, STORE } from './redis-scripts.ts'
import { VERSION_MIN, type Version } from './version.ts'

export type RedisOutcome = 'hit' | 'stale' | 'miss' | 'waited' | 'away'

export interface RedisLevelNeeds<K, V> {
  name: string
  redis: CacheRedis
  /** Says who may read a value: the shape of values, and the history of the database they are from. */
  stamp: () => string
  /** How long before a value is renewed, and how long after that the old one may still be given. */
  freshMs: number
  absentMs: number
  heard?: InvalidationTracker<K>
  random: () => number
  load: Load<K, V>
  count: (outcome: RedisOutcome, by: number) => void
}

export interface RedisLevel<K, V> {
  getMany: Load<K, V>
  invalidate(keys: readonly K[], at: Version): void
}

/** A load takes milliseconds: who has not brought it after this is gone, or as good as. */
export const LEASE_MS = 2_000
/** Scripts in one write: a few milliseconds of Redis' time. An import changes thousands of keys at once. */
const TOGETHER = 200
/** Waiting for somebody else's load: 5 to 15 ms, so that those who wait do not ask in step. */
const POLL_MS = { least: 5, spread: 10 }

export function createRedisLevel<K extends string | bigint, V>({
  name,
  redis,
  stamp,
  heard,
  random,
  load,
  count,
  ...ms
}: RedisLevelNeeds<K, V>): RedisLevel<K, V> {
  const keysOf = (key: K) => [`${KEY_PREFIX}{cache:${name}:${key}}`, `${KEY_PREFIX}{cache:${name}:${key}}:lease`]
  // Which Redis it is belongs to the stamp: one that was restarted or replaced may hold what was forgotten since.
  const stampNow = () => `${stamp()}.${redis.instance()}|`

  interface Taken {
    mark: string
    found: Map<K, V>
    absent: K[]
    mine: Map<K, string>
    renew: Map<K, string>
    others: K[]
    unreadable: K[]
  }

  async function take(keys: K[]): Promise<Taken> {
    const mark = stampNow()
    const token = `${heard?.version() ?? VERSION_MIN}|${randomBytes(9).toString('base64url')}`
    const calls = keys.map(key => ({
      keys: keysOf(key),
      args: [mark, heard?.versionMin(key) ?? VERSION_MIN, token, String(LEASE_MS), String(ms.freshMs)],
    }))
    const answers = await redis.runAll<[text?: string | null, token?: string]>(READ_OR_LEASE, calls)
    const taken: Taken = { mark, found: new Map(), absent: [], mine: new Map(), renew: new Map(), others: [], unreadable: [] }
    for (const [i, key] of keys.entries()) {
      const answer = answers[i]
      if (!Array.isArray(answer)) {
        taken.unreadable.push(key)
        continue
      }
      const [text, lease] = answer
      if (typeof text === 'string') {
        try {
          const value = parseEntry<V>(mark, text)
          if (value === undefined) taken.absent.push(key)
          else taken.found.set(key, value)
          if (lease) taken.renew.set(key, lease)
        } catch {
          taken.unreadable.push(key)
        }
      } else if (lease) taken.mine.set(key, lease)
      else taken.others.push(key)
    }
    return taken
  }

  /** Loads what we hold the leases of, and gives it to the others. */
  async function bring(mark: string, leases: Map<K, string>): Promise<Map<K, V>> {
    const position = heard?.version() ?? VERSION_MIN
    const keys = [...leases.keys()]
    let loaded: Map<K, V>
    try {
      loaded = await load(keys)
    } catch (err) {
      const calls = keys.map(key => ({ keys: [keysOf(key)[1] as string], args: [leases.get(key) as string] }))
      redis.runAll(RELEASE_LEASE, calls).catch(() => {}) // else it ends by itself
      throw err
    }
    const calls = keys.map(key => {
      const value = loaded.get(key)
      const life = value === undefined ? jitter(ms.absentMs, random) : ms.freshMs + jitter(ms.freshMs, random)
      return { keys: keysOf(key), args: [mark, leases.get(key) as string, position, formatEntry(mark, position, value), String(life)] }
    })
    redis.runAll(STORE, calls).catch(() => {}) // those who wait load it themselves in the end
    return loaded
  }

  return {
    async getMany(keys) {
      const found = new Map<K, V>()
      const add = (more: Map<K, V>) => more.forEach((value, key) => found.set(key, value))
      const until = performance.now() + LEASE_MS + 500
      for (let left = keys, round = 0; left.length > 0; round++) {
        let taken: Taken
        try {
          taken = await take(left)
        } catch {
          count('away', left.length)
          add(await load(left))
          return found
        }
        add(taken.found)
        const hits = taken.found.size + taken.absent.length - taken.renew.size
        if (hits > 0) count(round === 0 ? 'hit' : 'waited', hits)
        if (taken.renew.size > 0) {
          count('stale', taken.renew.size)
          bring(taken.mark, taken.renew).catch(() => {}) // the old value stays
        }
        if (taken.mine.size > 0) {
          count('miss', taken.mine.size)
          add(await bring(taken.mark, taken.mine))
        }
        if (taken.unreadable.length > 0) {
          count('miss', taken.unreadable.length)
          add(await load(taken.unreadable))
        }
        left = taken.others
        if (left.length === 0) break
        if (performance.now() > until) {
          count('miss', left.length)
          add(await load(left))
          break
        }
        await sleep(POLL_MS.least + random() * POLL_MS.spread)
      }
      return found
    },

    invalidate(keys, at) {
      const mark = stampNow()
      const calls = keys.map(key => ({ keys: keysOf(key), args: [mark, at] }))
      const send = async () => {
        for (let i = 0; i < calls.length; i += TOGETHER) await redis.runAll(INVALIDATE, calls.slice(i, i + TOGETHER))
      }
      send().catch(() => {}) // what is older than we have heard is not used anyway
    },
  }
}
