// Once a minute the watermarks of shards that nothing happens to are moved on as well, a few in each batch, so that folding need
// not keep old deltas for them.

import { type Clock, MINUTE } from '../../../base/clock.ts'
import { SHARDS_PER_WRITE, type ShardUpdates } from './shard-updates.ts'
import type { Shard } from './shards.ts'
import { isBefore } from './values.ts'

const INTERVAL_MS = MINUTE

export function createIdleSweep(shards: Shard[], clock: Clock) {
  let queue: Shard[] = []
  let startedAt = clock()
  const isBehind = ({ watermark }: Shard, to: string) => watermark !== undefined && isBefore(watermark, to)
  return {
    addTo(updates: ShardUpdates, to: string): void {
      if (queue.length === 0 && clock() - startedAt >= INTERVAL_MS) {
        startedAt = clock()
        queue = shards.filter(shard => isBehind(shard, to))
      }
      for (const shard of queue.splice(0, SHARDS_PER_WRITE)) if (isBehind(shard, to) && !updates.has(shard)) updates.set(shard, [])
    },
    /** The next sweep begins at once. */
    restart(): void {
      startedAt = Number.NEGATIVE_INFINITY
    },
  }
}
