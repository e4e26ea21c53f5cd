// How long deltas are kept for Redis. Folding takes none that a Redis would need which lost its last minute of writes.

import { type Clock, MINUTE, SECOND } from '../../../base/clock.ts'
import type { Db } from '../../database/database.ts'
import { advanceConsumer, registerConsumer } from './consumer.sql.ts'
import type { Shard } from './shards.ts'
import { isBefore } from './values.ts'

const INTERVAL_MS = 5 * SECOND
const KEPT_MS = MINUTE

export function createDeltaRetention(db: Db, clock: Clock) {
  let advancedAt = Number.NEGATIVE_INFINITY
  let samples: { at: number; lowest: string }[] = []
  return {
    /** Releases the deltas that all shards contained a minute ago. `from` is the common watermark. */
    async advance(shards: Shard[], from: string): Promise<void> {
      const now = clock()
      if (now - advancedAt < INTERVAL_MS) return
      advancedAt = now
      samples.push({ at: now, lowest: lowestWatermark(shards, from) })
      const old = samples.findLast(sample => sample.at <= now - KEPT_MS)
      if (!old) return registerConsumer(db)
      samples = samples.filter(sample => sample.at >= old.at)
      await advanceConsumer(db, old.lowest)
    },
    /** Call it in a new incarnation, where the samples mean nothing. */
    reset(): void {
      samples = []
    },
  }
}

function lowestWatermark(shards: Shard[], from: string): string {
  let lowest = from
  for (const { watermark } of shards) if (watermark !== undefined && isBefore(watermark, lowest)) lowest = watermark
  return lowest
}
