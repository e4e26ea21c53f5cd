// Rebuilds unusable shards in the background, because it may take seconds, in which the applier goes on. Reads of these shards
// go to the rows meanwhile.

import type pg from 'pg'
import { type Clock, SECOND } from '../../../base/clock.ts'
import type { Log } from '../../../base/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'
import { rebuildShards } from './rebuild.ts'
import { type Shard, setWatermark, shardIn } from './shards.ts'

export interface RebuilderNeeds {
  pool: pg.Pool
  redis: Redis
  log: Log
  clock: Clock
  /** Of the database; undefined while the shards have not been located. */
  incarnation: () => string | undefined
  signal: AbortSignal
}

export interface Rebuilder {
  /** Takes in the shards that are rebuilt by now, and starts rebuilding if a shard is unusable and no rebuild is running. */
  advance(): void
  /** Call it after shards were located: results from before are obsolete. */
  discardResults(): void
  /** Resolves when no rebuild is running. */
  whenIdle(): Promise<void>
}

const RETRY_MS = SECOND

export function createRebuilder(shards: Shard[], { pool, redis, log, clock, incarnation, signal }: RebuilderNeeds): Rebuilder {
  let running: Promise<void> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let results: { kind: CounterKind; shard: number; watermark: string; of: string }[] = []

  async function rebuildAll(): Promise<void> {
    for (const kind of COUNTER_KINDS) {
      const missing = shards.filter(one => one.kind === kind && one.watermark === undefined).map(one => one.shard)
      const of = incarnation()
      if (missing.length === 0 || of === undefined) continue
      const startedAt = performance.now()
      const rebuilt = await rebuildShards(pool, redis, { kind, shards: missing, signal })
      results.push(...rebuilt.map(one => ({ kind, ...one, of })))
      log.info({ kind, shards: rebuilt.length, seconds: (performance.now() - startedAt) / 1000 }, 'counts in redis rebuilt')
    }
  }

  function takeInResults(): void {
    for (const { kind, shard: number, watermark, of } of results) {
      const shard = shardIn(shards, kind, number)
      if (of === incarnation() && shard.watermark === undefined) setWatermark(shard, watermark, true)
    }
    results = []
  }

  return {
    advance() {
      takeInResults()
      if (running || clock() - failedAt < RETRY_MS || !shards.some(shard => shard.watermark === undefined)) return
      running = rebuildAll()
        .catch(err => {
          failedAt = clock()
          if (!signal.aborted) log.warn({ err: err.message }, 'counts in redis could not be rebuilt yet')
        })
        .finally(() => {
          running = undefined
        })
    },
    discardResults() {
      results = []
    },
    async whenIdle() {
      await running
    },
  }
}
