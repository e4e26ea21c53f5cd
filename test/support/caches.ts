// Caches over a map with a change log instead of a database, so that a test decides what happens in which order.

import { silentLog } from '../../src/base/log.ts'
import { createMetrics, type Metrics } from '../../src/base/metrics.ts'
import { type Cache, type CacheOptions, type Caches, createCaches } from '../../src/engines/cache/caches.ts'
import type { LoggedChange } from '../../src/engines/log/change-log.ts'
import type { Redis } from '../../src/engines/redis/redis.ts'

export type Key = string

/** One simulated process: it has caches of its own, over rows that all processes share. */
export interface CacheProcess {
  cache: Cache<Key, number>
  caches: Caches
  metrics: Metrics
  /** Reports the changes since the last call to the caches. */
  deliverChanges(): void
}

export function createRows() {
  const rows = new Map<Key, number>()
  const log: (LoggedChange & { row: Key })[] = []
  let xid = 1_000
  return {
    rows,
    log,
    put(row: Key, value = (rows.get(row) ?? 0) + 1) {
      rows.set(row, value)
      log.push({ xid: String(xid++), seq: BigInt(log.length), topic: 'reader', key: BigInt(row.slice(1)), row })
    },
    drop(row: Key) {
      rows.delete(row)
      log.push({ xid: String(xid++), seq: BigInt(log.length), topic: 'reader', key: BigInt(row.slice(1)), row })
    },
  }
}
export type Rows = ReturnType<typeof createRows>

export interface ProcessOptions {
  rows: Rows
  redis?: Redis
  name: string
  clock?: () => number
  monotonic?: () => number
  random?: () => number
  options?: Partial<CacheOptions<Key, number>>
  /** Runs after the rows were read, before the cache gets them. */
  afterRead?: () => Promise<void> | void
}

export function startProcess({
  rows,
  redis,
  name,
  clock = Date.now,
  monotonic = clock,
  random = () => 1,
  options,
  afterRead,
}: ProcessOptions): CacheProcess {
  const metrics = createMetrics()
  const caches = createCaches({ log: silentLog, metrics, clock, monotonic, random, redis, loadsAtOnce: 8 })
  const cache = caches.createCache<Key, number>({
    name,
    schemaVersion: 1,
    invalidationKey: ({ topic, key }) => (topic === 'reader' ? `k${key}` : undefined),
    async load(keys) {
      const read = new Map(keys.flatMap(key => (rows.rows.has(key) ? [[key, rows.rows.get(key) as number] as const] : [])))
      await afterRead?.()
      return read
    },
    ...options,
  })
  caches.start(rows.log, true, 'test')
  caches.setCaughtUpAt(monotonic())
  let delivered = rows.log.length
  return {
    cache,
    caches,
    metrics,
    deliverChanges() {
      const changes = rows.log.slice(delivered)
      delivered = rows.log.length
      if (changes.length > 0) caches.invalidate(changes)
      caches.setCaughtUpAt(monotonic())
    },
  }
}

export async function metricValue(metrics: Metrics, series: string): Promise<number> {
  const line = (await metrics.text()).split('\n').find(one => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}
