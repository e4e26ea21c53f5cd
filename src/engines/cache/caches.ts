// All caches of a process. They are read-through: a cache is a function around a loader. The task that follows the change log
// (app/change-task.ts) reports every change, and up to which moment it has read the log.

import { createBulkhead } from '../../base/bulkhead.ts'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { LoggedChange } from '../log/change-log.ts'
import type { Position } from '../log/log-rows.sql.ts'
import type { Redis } from '../redis/redis.ts'
import { type Cache, type CacheNeeds, type CacheOptions, createCache, type ManagedCache } from './cache.ts'
import { withCircuitBreaker } from './redis-circuit-breaker.ts'
import { STALE_WITHOUT_LOG_MS } from './staleness.ts'
import { versionAt } from './version.ts'

export { type Cache, type CacheOptions, TRACKED_CHANGES_MAX } from './cache.ts'

export interface Caches {
  createCache<K extends string | bigint, V>(options: CacheOptions<K, V>): Cache<K, V>
  /** Whether values may be older than this process. If not, `start` needs no changes. */
  readonly outliveProcess: boolean
  /** The newest changes before the process began to follow the log. `complete` is false if there are older ones. */
  start(changes: readonly LoggedChange[], complete: boolean, incarnation: string): void
  /** Changes before `at` may have been missed: clears memory, and distrusts what Redis holds from before. */
  reset(at: Position, incarnation: string): void
  invalidate(changes: readonly LoggedChange[]): void
  /** Every change committed before this time, by `monotonic`, has been reported. */
  setCaughtUpAt(at: number): void
  /** Whether this process is up to date with the change log. If not, nothing derived from cached values may be kept. */
  isCurrent(): boolean
  /** What each cache of this process holds in memory. */
  sizes(): ({ name: string } & ReturnType<ManagedCache<never, never>['size']>)[]
  /** Call it before reading rows. The function it returns says whether what was read may still be served. */
  startStalenessCheck(): () => boolean
}

export interface CachesNeeds {
  log: Log
  metrics: Metrics
  /** The time that ids contain. */
  clock: Clock
  /** The age of values, in milliseconds: it never goes back, unlike the wall clock. */
  monotonic: () => number
  random: () => number
  redis?: Redis
  loadsAtOnce: number
}

const LOADS_WAITING_MAX = 1_000

export function createCaches({ log, metrics, clock, monotonic, random, redis, loadsAtOnce }: CachesNeeds): Caches {
  const caches: Pick<ManagedCache<never, never>, 'start' | 'invalidate' | 'reset' | 'reportCounts' | 'name' | 'size'>[] = []
  let incarnation = ''
  let caughtUpAt = Number.NEGATIVE_INFINITY
  const isCurrent = () => monotonic() - caughtUpAt < STALE_WITHOUT_LOG_MS
  const needs: CacheNeeds = {
    requests: metrics.counter('cache_requests_total', 'Keys requested from a level of a cache', ['cache', 'level', 'outcome']),
    loads: metrics.counter('cache_loads_total', 'Queries to the database by a cache', ['cache']),
    bulkhead: createBulkhead({
      concurrency: loadsAtOnce,
      queueMax: LOADS_WAITING_MAX,
      refusal: 'too many requests are waiting for the database',
    }),
    redis: redis && withCircuitBreaker(redis, log),
    clock,
    monotonic,
    random,
    isCurrent,
    caughtUpAt: () => caughtUpAt,
    incarnation: () => incarnation,
  }

  return {
    createCache(options) {
      const cache = createCache(options, needs)
      caches.push(cache)
      return cache
    },
    outliveProcess: redis !== undefined,
    start(changes, complete, current) {
      incarnation = current
      for (const cache of caches) cache.start(changes, complete)
    },
    reset(at, current) {
      incarnation = current
      for (const cache of caches) cache.reset(versionAt(at))
    },
    invalidate(changes) {
      for (const cache of caches) cache.invalidate(changes)
    },
    setCaughtUpAt(at) {
      for (const cache of caches) cache.reportCounts()
      caughtUpAt = Math.max(caughtUpAt, at)
    },
    isCurrent,
    sizes: () => caches.map(({ name, size }) => ({ name, ...size() })),
    startStalenessCheck() {
      const readAt = monotonic()
      return () => isCurrent() || monotonic() - readAt < STALE_WITHOUT_LOG_MS
    },
  }
}
