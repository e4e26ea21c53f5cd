import { type Caches, createCaches } from '../engines/cache/caches.ts'
import type { Infrastructure } from './infrastructure.ts'

/** The read-through caches of this process: in memory, and in Redis if there is one. */
export function openCaches({ config, log, metrics, redis }: Infrastructure): Caches {
  return createCaches({
    log,
    metrics,
    clock: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    redis,
    loadsAtOnce: Math.floor(config.databaseConnections / 2), // a burst of cache misses leaves the other half for everything else
  })
}
