// How far back the deltas are kept for the store: folding gets what no Redis that lost less than its last minute would need.

import { type Clock, MINUTE, SECOND } from '../../../base/clock.ts'
import type { Db } from '../../database/database.ts'
import { advanceConsumer, registerConsumer } from './deltas.sql.ts'
import { isBefore } from './keys.ts'
import type { Shard } from './shards.ts'

const KEEP_EVERY_MS = 5 * SECOND
const KEPT_MS = MINUTE // a Redis that comes back with less than its last minute catches up from deltas

export function createKeeping(db: Db, clock: Clock) {
  let keptAt = Number.NEGATIVE_INFINITY
  let lows: { at: number; low: string }[] = []
  return {
    /** `from`: where the shards are that are not astray. */
    async keep(shards: Shard[], from: string): Promise<void> {
      const now = clock()
      if (now - keptAt < KEEP_EVERY_MS) return
      keptAt = now
      let low = from
      for (const { at } of shards) if (at !== undefined && isBefore(at, low)) low = at
      lows.push({ at: now, low })
      const old = lows.findLast(one => one.at <= now - KEPT_MS)
      if (!old) return registerConsumer(db)
      lows = lows.filter(one => one.at >= old.at)
      await advanceConsumer(db, old.low)
    },
    /** Of another database nothing is known yet. */
    forget(): void {
      lows = []
    },
  }
}
