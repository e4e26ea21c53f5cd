// All caches of a process. A cache is a function around a loader: memory, around Redis where there is one, around the
// loader, of which only so many run at once. The change log tells what to forget.

import { createBulkhead } from '../../base/bulkhead.ts'
import type { Change } from '../../base/change.ts'
import { type Clock, MINUTE } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { LoggedChange } from '../log/change-log.ts'
import type { Redis } from '../redis/redis.ts'
import { createInvalidationTracker } from './invalidation-tracker.ts'
import { createKeyFilter } from './key-filter.ts'
import { createMemoryLevel, type Load, UNVERIFIED_MS_MAX } from './memory-level.ts'
import { withCircuitBreaker } from './redis-circuit-breaker.ts'
import { createRedisLevel } from './redis-level.ts'
import { type Version, versionAt } from './version.ts'

export interface Cache<K, V> {
  get(key: K): Promise<V | undefined>
  /** Many at once, for the price of one; what is not there is left out. */
  getMany(keys: readonly K[]): Promise<Map<K, V>>
}

export interface CacheOptions<K, V> {
  name: string
  /** Counts up when the shape of values changes, so that what was written in another shape is not read. */
  schemaVersion: number
  load: Load<K, V>
  /** Which key a change of the log makes old. Without it only time does. */
  invalidationKey?: (change: Change) => K | undefined
  /** For keys that are ids: the smallest there is, seeds aside. Ids that cannot be are then refused unseen. */
  oldestId?: () => Promise<bigint | undefined>
  freshMs?: number
  absentMs?: number
  entriesMax?: number
  bytesMax?: number
  absentMax?: number
}

export interface Caches {
  createCache<K extends string | bigint, V>(options: CacheOptions<K, V>): Cache<K, V>
  /** The newest changes before the process began to follow the log, whether there were more, and the history they are of. */
  start(changes: readonly LoggedChange[], more: boolean, history: string): void
  /** Changes before that place may be unheard, or are of another history: everything is forgotten, here and of what Redis holds. */
  reset(at: { xid: string; seq: bigint }, history: string): void
  invalidate(changes: readonly LoggedChange[]): void
  /** Every change committed before that moment, by `monotonic`, has been told. */
  setCaughtUpAt(at: number): void
  /** Whether changes are being heard at this moment: else what is made from values here is not to be kept either. */
  isCurrent(): boolean
  /** For what is read from the rows now and kept beside: whether it still may be given. */
  startStalenessCheck(): () => boolean
}

export interface CachesNeeds {
  log: Log
  metrics: Metrics
  /** For the moments that are in ids. */
  clock: Clock
  /** For how old a value is: milliseconds that never go back, as the clock does when it is put right. */
  monotonic: () => number
  random: () => number
  redis?: Redis
  loadsAtOnce: number
}

// A value of which no change was heard is right; this only bounds what a mistake of ours would cost. Half of it, by which
// lives differ, is long enough for a whole site's values to be renewed in.
const FRESH_MS = 10 * MINUTE
/** An article that comes to be is told of by the log; meanwhile its absence is looked up a few times a minute at most. */
const ABSENT_MS = 30_000
const ENTRIES_MAX = 10_000
const BYTES_MAX = 32 * 2 ** 20
const ABSENT_MAX = 10_000
/** Keys of which the last change is remembered: minutes of a busy site, and a megabyte or two. */
export const TRACKED_CHANGES_MAX = 20_000
const LOADS_WAITING = 1_000

export function createCaches({ log, metrics, clock, monotonic, random, redis, loadsAtOnce }: CachesNeeds): Caches {
  const requests = metrics.counter('cache_requests_total', 'Keys asked of a level of a cache', ['cache', 'level', 'outcome'])
  const loads = metrics.counter('cache_loads_total', 'Questions to the database by a cache', ['cache'])
  const turns = createBulkhead({ concurrency: loadsAtOnce, queueMax: LOADS_WAITING, refusal: 'too many wait for the database' })
  const guarded = redis && withCircuitBreaker(redis, log)
  let history = ''
  let currentAt = Number.NEGATIVE_INFINITY
  const current = () => monotonic() - currentAt < UNVERIFIED_MS_MAX
  const told: {
    note(): void
    begin(changes: readonly LoggedChange[], more: boolean): void
    changed(changes: readonly LoggedChange[]): void
    restart(at: Version): void
  }[] = []

  return {
    createCache<K extends string | bigint, V>(options: CacheOptions<K, V>): Cache<K, V> {
      const { name, schemaVersion, invalidationKey, freshMs = FRESH_MS, absentMs = ABSENT_MS } = options
      const heard = invalidationKey && createInvalidationTracker<K>(TRACKED_CHANGES_MAX)
      const gate = options.oldestId && createKeyFilter({ clock, oldest: options.oldestId })
      const lets = (key: K) => typeof key !== 'bigint' || !gate || gate.mayExist(key)
      const possible = (keys: readonly K[]) => {
        const left = keys.every(lets) ? keys : keys.filter(lets)
        if (left.length < keys.length) requests.add([name, 'gate', 'impossible'], keys.length - left.length)
        return left
      }
      const load: Load<K, V> = keys =>
        turns(() => {
          loads.add([name])
          return options.load(keys)
        })
      const far =
        guarded &&
        createRedisLevel<K, V>({
          name,
          redis: guarded,
          stamp: () => `${schemaVersion}.${history}`,
          freshMs,
          absentMs,
          heard,
          random,
          load,
          count: (outcome, by) => requests.add([name, 'redis', outcome], by),
        })
      // Noted at each turn of the follower: to write a label takes longer than to find a value.
      const counted = new Map<string, number>()
      const near = createMemoryLevel<K, V>({
        entriesMax: options.entriesMax ?? ENTRIES_MAX,
        bytesMax: options.bytesMax ?? BYTES_MAX,
        absentMax: options.absentMax ?? ABSENT_MAX,
        freshMs,
        absentMs,
        heard,
        current,
        // What Redis holds may be long from before the last change we heard of, if it is not heard of yet itself.
        asOf: () => (far && current() ? currentAt : monotonic()),
        clock: monotonic,
        random,
        // What Redis holds is as good as what we have heard: while we hear nothing, nobody vouches for it either.
        load: far ? keys => (current() ? far.getMany(keys) : load(keys)) : load,
        count: (outcome, by) => counted.set(outcome, (counted.get(outcome) ?? 0) + by),
      })

      const keysIn = (changes: readonly LoggedChange[]): Map<K, Version> => {
        const keys = new Map<K, Version>()
        for (const change of changes) {
          const key = invalidationKey?.(change)
          if (key !== undefined) keys.set(key, versionAt(change))
        }
        return keys
      }
      told.push({
        note() {
          for (const [outcome, by] of counted) requests.add([name, 'memory', outcome], by)
          counted.clear()
        },
        begin(changes, more) {
          for (const [key, at] of keysIn(changes)) heard?.noteChanged(key, at)
          const [first, last] = [changes[0], changes.at(-1)]
          if (first && more) heard?.distrustBefore(versionAt(first))
          if (last) heard?.advance(versionAt(last))
        },
        changed(changes) {
          const keys = keysIn(changes)
          const last = changes.at(-1)
          if (!heard || !last) return
          for (const [key, at] of keys) heard.noteChanged(key, at)
          heard.advance(versionAt(last))
          if (keys.size === 0) return
          gate?.noteChanged(ids(keys.keys()))
          near.forget([...keys.keys()])
          // One place for all of them: what was read after the last of them was read after each.
          far?.invalidate([...keys.keys()], versionAt(last))
        },
        restart(at) {
          heard?.reset(at)
          gate?.reset()
          near.clear()
        },
      })
      return {
        get: async key => (possible([key]).length > 0 ? near.get(key) : undefined),
        getMany: async keys => near.getMany(possible(keys)),
      }
    },

    start(changes, more, now) {
      history = now
      for (const one of told) one.begin(changes, more)
    },
    reset(at, now) {
      history = now
      for (const one of told) one.restart(versionAt(at))
    },
    invalidate: changes => told.forEach(one => one.changed(changes)),
    setCaughtUpAt(at) {
      for (const one of told) one.note()
      currentAt = Math.max(currentAt, at)
    },
    isCurrent: current,
    startStalenessCheck() {
      const readAt = monotonic()
      return () => current() || monotonic() - readAt < UNVERIFIED_MS_MAX
    },
  }
}

const ids = (keys: Iterable<string | bigint>) => [...keys].filter(key => typeof key === 'bigint')
