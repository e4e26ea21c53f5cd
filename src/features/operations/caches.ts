// What the caches of this process have been asked, and what they hold.

import type { Metrics } from '../../base/metrics.ts'
import type { Caches } from '../../engines/cache/caches.ts'

export type CacheAdmin = ReturnType<typeof createCacheAdmin>

export function createCacheAdmin({ caches, metrics }: { caches: Pick<Caches, 'sizes'>; metrics: Metrics }) {
  return async () => {
    const [requests, loads] = await Promise.all([metrics.read('cache_requests_total'), metrics.read('cache_loads_total')])
    return caches.sizes().map(({ name, entriesMax, bytesMax, ...held }) => {
      const own = requests.filter(({ labels }) => labels.cache === name)
      const levels = Map.groupBy(own, ({ labels }) => labels.level as string)
      return {
        name,
        ...held,
        entries_max: entriesMax,
        bytes_max: bytesMax,
        loads: loads.find(({ labels }) => labels.cache === name)?.value ?? 0,
        levels: [...levels].map(([level, series]) => ({
          level,
          requests: series.reduce((sum, { value }) => sum + value, 0),
          outcomes: Object.fromEntries(series.map(({ labels, value }) => [labels.outcome, value])),
        })),
      }
    })
  }
}
