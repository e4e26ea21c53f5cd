// Makes anew the shards that are of no use. Beside the strokes of the applier, for it may take seconds: until it is done,
// reads of these shards go to the rows.

import type pg from 'pg'
import { type Clock, SECOND } from '../../../base/clock.ts'
import type { Log } from '../../../base/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'
import { rebuildShards } from './rebuild.ts'
import { putAt, type Shard, shardIn } from './shards.ts'

export interface RemakingNeeds {
  pool: pg.Pool
  redis: Redis
  log: Log
  clock: Clock
  /** Of which database the shards are; undefined while it is not known where they stand. */
  epoch: () => string | undefined
  signal: AbortSignal
}

export interface Remaking {
  /** Where those stand that have been made by now; begins with those that are missing, unless that goes on already. */
  proceed(): void
  /** Where shards stand has been looked up since: what was made before counts for nothing. */
  forget(): void
  /** Resolves when nothing is being made. */
  over(): Promise<void>
}

export function createRemaking(shards: Shard[], { pool, redis, log, clock, epoch, signal }: RemakingNeeds): Remaking {
  let making: Promise<void> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let made: { kind: CounterKind; shard: number; watermark: string; of: string }[] = []

  async function make(): Promise<void> {
    for (const kind of COUNTER_KINDS) {
      const missing = shards.filter(one => one.kind === kind && one.at === undefined).map(one => one.shard)
      const of = epoch()
      if (missing.length === 0 || of === undefined) continue
      const began = performance.now()
      const done = await rebuildShards(pool, redis, { kind, shards: missing, signal })
      made.push(...done.map(one => ({ kind, ...one, of })))
      log.info({ kind, shards: done.length, seconds: (performance.now() - began) / 1000 }, 'counts in redis made anew')
    }
  }

  return {
    proceed() {
      for (const { kind, shard: number, watermark, of } of made) {
        const shard = shardIn(shards, kind, number)
        if (of === epoch() && shard.at === undefined) putAt(shard, watermark, true)
      }
      made = []
      if (making || clock() - failedAt < SECOND || !shards.some(shard => shard.at === undefined)) return
      making = make()
        .catch(err => {
          failedAt = clock()
          if (!signal.aborted) log.warn({ err: err.message }, 'counts in redis could not be made anew yet')
        })
        .finally(() => {
          making = undefined
        })
    },
    forget() {
      made = []
    },
    async over() {
      await making
    },
  }
}
