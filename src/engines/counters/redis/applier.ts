// Keeps the shards in Redis up to date. Each tick reads all deltas committed since the last one, in one statement, and adds them
// to their shards. Counts and watermark of a shard move together, and only from the watermark the applier expects (scripts.ts),
// so any number of processes may apply, and any of them may be killed at any moment.

import type pg from 'pg'
import type { Clock } from '../../../base/clock.ts'
import type { Log } from '../../../base/log.ts'
import type { Db } from '../../database/database.ts'
import { startNewIncarnation } from '../../log/incarnation.sql.ts'
import { createLagTracker } from '../../log/lag.ts'
import type { Redis } from '../../redis/redis.ts'
import { registerConsumer } from './consumer.sql.ts'
import { discardIfCorrupt } from './corrupt.ts'
import { createDeltaReader } from './delta-reader.ts'
import type { PendingDeltas } from './deltas.sql.ts'
import { createFreshness } from './freshness.ts'
import { createIdleSweep } from './idle-sweep.ts'
import { shardKey, shardName } from './keys.ts'
import { createLease } from './lease.ts'
import { createRebuilder } from './rebuilder.ts'
import { createDeltaRetention } from './retention.ts'
import { addNewShards, applyShardUpdates, catchUpUntouched, groupUpdates } from './shard-updates.ts'
import { createShards, laggingShards, locateShards, type UnusableShard } from './shards.ts'
import { isBefore } from './values.ts'

export interface ApplierNeeds {
  db: Db
  pool: pg.Pool
  redis: Redis
  log: Log
  clock?: Clock
  /** How long after a start of Redis the shards are not read: a process that is not connected yet cannot record own writes. */
  settleMs?: number
  /** Deltas read in one statement. */
  deltasMax?: number
  onRebuild?: (reason: string, shards: number) => void
}

export interface Applier {
  /** Applies all pending deltas. Returns at once if Redis is down or another process has the lease. */
  tick(): Promise<void>
  lagSeconds(): number
  /** How many shards are unusable at the moment. */
  missingShards(): number
  close(): Promise<void>
}

const SETTLE_MS = 2_500 // longer than a process waits between two attempts to connect

export function createApplier(needs: ApplierNeeds): Applier {
  const { db, pool, redis, log, clock = Date.now, settleMs = SETTLE_MS, deltasMax, onRebuild = () => {} } = needs
  const shards = createShards()
  const stopping = new AbortController()
  const lag = createLagTracker(clock)
  const acquireLease = createLease(redis, clock)
  const readDeltas = createDeltaReader(db, deltasMax)
  const freshness = createFreshness({ redis, clock, settleMs })
  const retention = createDeltaRetention(db, clock)
  const sweep = createIdleSweep(shards, clock)
  const rebuilder = createRebuilder(shards, {
    pool,
    redis,
    log,
    clock,
    incarnation: () => (located ? incarnation : undefined),
    signal: stopping.signal,
  })
  /** Whether the watermarks of the shards are known. */
  let located = false
  let incarnation = ''
  /** The common watermark. It never goes back: shards would be given deltas they contain. */
  let from = '0'
  /** The run of Redis. */
  let instance: string | undefined
  let clockOffsetMs = 0
  /** While another process has the lease: when that one was last caught up. */
  let othersCaughtUpAt: number | undefined

  /** Whether this process has the lease. If it is new, or Redis may have lost writes, the shards have to be located again. */
  async function renewLease(): Promise<boolean> {
    const lease = await acquireLease()
    clockOffsetMs = lease.clockOffsetMs
    othersCaughtUpAt = lease.acquired ? undefined : lease.caughtUpAt
    if (!lease.acquired || !lease.undisturbed || instance !== redis.instance()) located = false
    instance = redis.instance()
    for (const name of lease.corrupt) await inspect(name)
    return lease.acquired
  }

  /** A reader could not read this shard. */
  async function inspect(name: string): Promise<void> {
    const shard = shards.find(one => shardName(one) === name)
    if (!shard || shard.watermark === undefined) return
    const field = await discardIfCorrupt(redis, shardKey(shard.kind, shard.shard))
    if (field !== undefined) log.warn({ shard: name, field }, 'a field in redis is not a count')
    located = false
  }

  async function locate(): Promise<void> {
    await registerConsumer(db)
    const { bounds, unusable } = await locateShards(shards, { db, redis })
    reportUnusable(unusable)
    const checkpoint = await freshness.readCheckpoint(bounds.incarnation)
    if (checkpoint !== undefined && isBefore(bounds.xmin, checkpoint)) {
      log.warn('the database was restored to an earlier state: the counts in redis are rebuilt')
      await startNewIncarnation(db, bounds.incarnation)
      return locate()
    }
    await freshness.restart(bounds.xmax, instance)
    if (bounds.incarnation !== incarnation) {
      retention.reset()
      lag.reset()
    }
    incarnation = bounds.incarnation
    from = bounds.xmin
    rebuilder.discardResults()
    sweep.restart() // so that shards which are behind come to the common watermark soon
    located = true
  }

  function reportUnusable(unusable: UnusableShard[]): void {
    for (const [reason, some] of Map.groupBy(unusable, one => one.reason)) {
      const first = shardName((some[0] as UnusableShard).shard)
      log.warn({ reason, shards: some.length, first }, 'counts in redis are unusable and rebuilt')
      onRebuild(reason, some.length)
    }
  }

  /** Whether all pending deltas are applied. */
  async function applyNextBatch(): Promise<boolean> {
    if (!located) await locate()
    rebuilder.advance()
    const startedAt = clock()
    const lagging = laggingShards(shards)
    const pending = await readDeltas(from, lagging)
    const deltasLost = [from, ...lagging.map(one => one.from)].some(start => isBefore(start, pending.floor))
    if (pending.incarnation !== incarnation || deltasLost) {
      located = false
      return true
    }
    const { upTo } = pending
    const updates = groupUpdates(shards, pending.sums)
    sweep.addTo(updates, upTo)
    if (!isBefore(upTo, from)) addNewShards(updates, shards, upTo)
    const outcome = await applyShardUpdates(redis, updates, { incarnation, to: upTo, from })
    if (!outcome.located) located = false
    reportUnusable(outcome.unusable)
    catchUpUntouched(shards, updates, { upTo, from })
    if (isBefore(from, upTo)) from = upTo
    await publish(pending, { startedAt, located: outcome.located })
    await retention.advance(shards, from)
    return upTo === pending.xmin
  }

  async function publish(pending: PendingDeltas, batch: { startedAt: number; located: boolean }): Promise<void> {
    const complete = !shards.some(shard => shard.laggingFrom !== undefined && isBefore(shard.laggingFrom, from))
    lag.observeEnd({ xmax: pending.xmax }, BigInt(complete ? from : pending.upTo), batch.startedAt)
    const caughtUpAt = Math.floor(clock() - lag.seconds() * 1000)
    const sameRun = instance !== undefined && instance === redis.instance() ? instance : undefined
    if (!sameRun) located = false
    const readable = sameRun && batch.located && complete && freshness.isSettled(from) ? { instance: sameRun, clockOffsetMs } : undefined
    await freshness.publishProgress({ incarnation, watermark: from, caughtUpAt, readable })
  }

  return {
    async tick() {
      if (!redis.isReady()) {
        located = false
        return
      }
      try {
        while (!stopping.signal.aborted && (await renewLease())) if (await applyNextBatch()) return
      } catch (err) {
        located = false // a command without an answer may have been executed or not
        throw err
      }
    },
    lagSeconds: () => (othersCaughtUpAt === undefined ? lag.seconds() : Math.max(0, clock() - othersCaughtUpAt) / 1000),
    missingShards: () => shards.filter(shard => shard.watermark === undefined).length,
    async close() {
      stopping.abort()
      await rebuilder.whenIdle()
    },
  }
}
