// One cache: memory around Redis, if there is one, around the loader. The change log invalidates its keys.

import type { createBulkhead } from '../../base/bulkhead.ts'
import type { Change } from '../../base/change.ts'
import { type Clock } from '../../base/clock.ts'
import type { Counter } from '../../base/metrics.ts'
import type { LoggedChange } from '../log/change-log.ts'
import { createInvalidationTracker } from './invalidation-tracker.ts'
import { createKeyFilter } from './key-filter.ts'
import type { Load } from './level.ts'
import { createMemoryLevel, type MemorySize } from './memory-level.ts'
import type { CacheRedis } from './redis-circuit-breaker.ts'
import { createRedisLevel } from './redis-level.ts'
import { ABSENT_MS, FRESH_MS } from './staleness.ts'
import { type Version, versionAt } from './version.ts'

export interface Cache<K, V> {
  get(key: K): Promise<V | undefined>
  /** Many keys at the cost of one load. Keys without a row are not in the result. */
  getMany(keys: readonly K[]): Promise<Map<K, V>>
}

export interface CacheOptions<K, V> {
  /** Used in keys of Redis and in metrics. */
  name: string
  /** Increase it when the shape of the values changes, so that processes of two releases do not read each other's values. */
  schemaVersion: number
  load: Load<K, V>
  /** The key that a change of the log invalidates. Without it values only expire. */
  invalidationKey?: (change: Change) => K | undefined
  /** For keys that are ids: the smallest that exists, seed ids excepted. Ids that cannot exist are then never looked up. */
  oldestId?: () => Promise<bigint | undefined>
  freshMs?: number
  absentMs?: number
  entriesMax?: number
  bytesMax?: number
  absentMax?: number
}

/** What all caches of a process share. */
export interface CacheNeeds {
  requests: Counter
  loads: Counter
  bulkhead: ReturnType<typeof createBulkhead>
  redis: CacheRedis | undefined
  clock: Clock
  monotonic: () => number
  random: () => number
  isCurrent: () => boolean
  /** The time, by `monotonic`, before which every change has been applied. */
  caughtUpAt: () => number
  incarnation: () => string
}

/** A cache and how it is kept up to date. */
export interface ManagedCache<K, V> extends Cache<K, V> {
  /** `complete` is false if there are older changes than these. */
  start(changes: readonly LoggedChange[], complete: boolean): void
  invalidate(changes: readonly LoggedChange[]): void
  reset(version: Version): void
  reportCounts(): void
  readonly name: string
  size(): MemorySize & { entriesMax: number; bytesMax: number }
}

const ENTRIES_MAX = 10_000
const BYTES_MAX = 32 * 2 ** 20
const ABSENT_MAX = 10_000
/** How many changes are remembered: minutes of a busy site, in one or two megabytes. */
export const TRACKED_CHANGES_MAX = 20_000

export function createCache<K extends string | bigint, V>(options: CacheOptions<K, V>, needs: CacheNeeds): ManagedCache<K, V> {
  const { name, schemaVersion, invalidationKey, freshMs = FRESH_MS, absentMs = ABSENT_MS } = options
  const { entriesMax = ENTRIES_MAX, bytesMax = BYTES_MAX } = options
  const { requests, redis, monotonic, random, isCurrent } = needs
  // Values in memory are younger than the process, and forgotten when they change: only those in Redis have to be compared.
  const tracker = redis && invalidationKey && createInvalidationTracker<K>(TRACKED_CHANGES_MAX)
  const filter = options.oldestId && createKeyFilter({ clock: needs.clock, oldestId: options.oldestId })

  const load: Load<K, V> = keys =>
    needs.bulkhead(() => {
      needs.loads.add([name])
      return options.load(keys)
    })
  const redisLevel =
    redis &&
    createRedisLevel<K, V>({
      name,
      redis,
      namespace: () => `${schemaVersion}.${needs.incarnation()}`,
      freshMs,
      absentMs,
      tracker,
      random,
      load,
      count: (outcome, by) => requests.add([name, 'redis', outcome], by),
    })
  // Passed on to the metric by reportCounts: adding to a labelled metric takes longer than a hit in memory.
  const memoryCounts = new Map<string, number>()
  const memoryLevel = createMemoryLevel<K, V>({
    entriesMax,
    bytesMax,
    absentMax: options.absentMax ?? ABSENT_MAX,
    freshMs,
    absentMs,
    invalidated: invalidationKey !== undefined,
    isCurrent,
    // A value from Redis may lack changes that this process has not read yet.
    asOf: () => (redisLevel && isCurrent() ? needs.caughtUpAt() : monotonic()),
    clock: monotonic,
    random,
    // Without the change log, stale values in Redis cannot be recognised.
    load: redisLevel ? keys => (isCurrent() ? redisLevel.getMany(keys) : load(keys)) : load,
    count: (outcome, by) => memoryCounts.set(outcome, (memoryCounts.get(outcome) ?? 0) + by),
  })

  const mayExist = (key: K) => typeof key !== 'bigint' || !filter || filter.mayExist(key)
  function dropImpossible(keys: readonly K[]): readonly K[] {
    const plausible = keys.every(mayExist) ? keys : keys.filter(mayExist)
    if (plausible.length < keys.length) requests.add([name, 'gate', 'impossible'], keys.length - plausible.length)
    return plausible
  }

  function versionsByKey(changes: readonly LoggedChange[]): Map<K, Version> {
    const versions = new Map<K, Version>()
    for (const change of changes) {
      const key = invalidationKey?.(change)
      if (key !== undefined) versions.set(key, versionAt(change))
    }
    return versions
  }

  return {
    get: async key => (dropImpossible([key]).length > 0 ? memoryLevel.get(key) : undefined),
    getMany: async keys => memoryLevel.getMany(dropImpossible(keys)),

    start(changes, complete) {
      if (!tracker) return
      for (const [key, version] of versionsByKey(changes)) tracker.noteChanged(key, version)
      const [first, last] = [changes[0], changes.at(-1)]
      if (first && !complete) tracker.distrustBefore(versionAt(first))
      if (last) tracker.advance(versionAt(last))
    },

    invalidate(changes) {
      const last = changes.at(-1)
      if (!last) return
      const versions = versionsByKey(changes)
      for (const [key, version] of versions) tracker?.noteChanged(key, version)
      tracker?.advance(versionAt(last))
      if (versions.size === 0) return
      const keys = [...versions.keys()]
      filter?.noteChanged(keys.filter(key => typeof key === 'bigint'))
      memoryLevel.forget(keys)
      // One version for all keys: a value read after the last change was read after each of them.
      redisLevel?.invalidate(keys, versionAt(last))
    },

    reset(version) {
      tracker?.reset(version)
      filter?.reset()
      memoryLevel.clear()
    },

    reportCounts() {
      for (const [outcome, by] of memoryCounts) requests.add([name, 'memory', outcome], by)
      memoryCounts.clear()
    },

    name,
    size: () => ({ ...memoryLevel.size(), entriesMax, bytesMax }),
  }
}
