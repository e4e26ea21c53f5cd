// Keeps the counts in Redis in step with the log. Each stroke reads, in one statement, what has been committed since the
// last, and adds it to the shards it belongs to; value and watermark of a shard move together, and only from where we
// believe it to be (scripts.ts). So any number of processes may do this, and any of them may be killed at any moment.
// What it knows of each shard is in shards.ts, how they are moved on in moves.ts; those of no use are made anew beside the
// strokes (remaking.ts).

import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type Clock, MINUTE, SECOND } from '../../../base/clock.ts'
import type { Log } from '../../../base/log.ts'
import type { Db } from '../../database/database.ts'
import { renewHistory } from '../../log/history.sql.ts'
import { createLag } from '../../log/lag.ts'
import { atomically, refuseErrors } from '../../redis/commands.ts'
import { type Command, type Redis, UNHURRIED_MS } from '../../redis/redis.ts'
import { discardIfCorrupt } from './corrupt.ts'
import { DELTAS_MOST, type Pending, pendingDeltas, registerConsumer } from './deltas.sql.ts'
import {
  CAUGHT_UP_KEY,
  CHECKPOINT_KEY,
  CORRUPT_KEY,
  FRESH_KEY,
  formatCheckpoint,
  formatFreshness,
  isBefore,
  LEASE_KEY,
  parseCheckpoint,
  parseMillis,
  RUN_KEY,
  shardKey,
  shardName,
} from './keys.ts'
import { FIELDS_MOST } from './rebuild.ts'
import { createRemaking } from './rebuilder.ts'
import { createKeeping } from './retention.ts'
import { ACQUIRE_LEASE } from './scripts.ts'
import { applyMoves, CALLS_MOST, type Moves } from './shard-updates.ts'
import { createShards, lookAt, type OfNoUse, type Shard, shardIn } from './shards.ts'

export interface ApplierNeeds {
  db: Db
  pool: pg.Pool
  redis: Redis
  log: Log
  clock?: Clock
  /** How long after a start of Redis it is not read: the other processes have to be connected again, to note what readers do. */
  settleMs?: number
  /** Deltas in one statement. */
  deltasMax?: number
  /** Told of shards made anew, and why. */
  onRebuild?: (reason: string, shards: number) => void
}

export interface Applier {
  /** Reads on to the end of the log; returns at once when it is another process's turn. Never fails because Redis is away. */
  tick(): Promise<void>
  lagSeconds(): number
  /** Shards that are of no use at the moment. */
  missingShards(): number
  close(): Promise<void>
}

const TURN_MS = 1_500 // whoever has the turn keeps it with each stroke, a fifth of a second apart
const FRESH_MS = SECOND // the promise: no count read from the store is older
const SWEEP_MS = MINUTE // shards to which nothing happens are moved on so often
const SETTLE_MS = 2_500 // longer than a process rests between two attempts to connect

export function createApplier(needs: ApplierNeeds): Applier {
  const {
    db,
    pool,
    redis,
    log,
    clock = Date.now,
    settleMs = SETTLE_MS,
    deltasMax: most = DELTAS_MOST,
    onRebuild: rebuilt = () => {},
  } = needs
  const me = randomUUID()
  const shards = createShards()
  const lag = createLag(clock)
  const stopping = new AbortController()
  /** Where the shards are that are not astray; it never goes back, or they would be given again what they contain. */
  let from = '0'
  /** How much is read at once: less while a backlog lies in few shards. */
  let piece = most
  let epoch = ''
  let stroke = 0
  /** Notes of what readers did may have been lost with what else was: until the store has all that was there when we looked, it is not read. */
  let behind = '0'
  let since = 0
  let looked = false
  let instance: string | undefined
  let sweep: Shard[] = []
  let sweptAt = clock()
  /** What those who have the turn say of how far they are. */
  let told: number | undefined
  /** By how much Redis's clock is ahead of ours, at least. What is fresh ends at a moment of its clock: one that hangs hears of it later. */
  let redisAhead = 0

  const remaking = createRemaking(shards, { pool, redis, log, clock, epoch: () => (looked ? epoch : undefined), signal: stopping.signal })
  const keeping = createKeeping(db, clock)

  function tellOf(ofNoUse: OfNoUse[]): void {
    for (const [reason, some] of Map.groupBy(ofNoUse, one => one.reason)) {
      const first = shardName((some[0] as OfNoUse).shard)
      log.warn({ reason, shards: some.length, first }, 'counts in redis are of no use and made anew')
      rebuilt(reason, some.length)
    }
  }

  /** Whether it is our turn. Having lost it, or finding that Redis lost anything, we look at everything again. */
  async function takeTurn(): Promise<boolean> {
    const args = [me, String(stroke), String(stroke + 1), String(TURN_MS)]
    const [mine, known, itsClock, stood, ...broken] = await redis.run<[number, number, string, string, ...string[]]>(
      ACQUIRE_LEASE,
      { keys: [LEASE_KEY, CAUGHT_UP_KEY, CORRUPT_KEY], args },
      UNHURRIED_MS,
    )
    redisAhead = Number(itsClock) - clock()
    told = mine ? undefined : parseMillis(stood)
    if (instance !== redis.instance()) looked = false
    instance = redis.instance()
    if (!mine || !known) looked = false
    if (!mine) return false
    stroke++
    for (const name of broken) await inspect(name)
    return true
  }

  /** Somebody could not read this shard. */
  async function inspect(name: string): Promise<void> {
    const shard = shards.find(one => shardName(one) === name)
    if (!shard || shard.at === undefined) return
    const garbage = await discardIfCorrupt(redis, shardKey(shard.kind, shard.shard))
    if (garbage !== undefined) log.warn({ shard: name, field: garbage }, 'something else than counts stands in redis')
    looked = false
  }

  /** Finds out where every shard is. */
  async function look(): Promise<void> {
    await registerConsumer(db)
    const { now, ofNoUse } = await lookAt(shards, { db, redis })
    tellOf(ofNoUse)
    const reached = parseCheckpoint(await redis.send(['GET', CHECKPOINT_KEY], UNHURRIED_MS).catch(() => ''), now.epoch)
    if (reached !== undefined && isBefore(now.horizon, reached)) {
      log.warn('the database was put back to an earlier state: everything kept of it is made anew')
      await renewHistory(db, now.epoch)
      return look()
    }
    behind = now.top
    const [of, at] = String(await redis.send(['GET', RUN_KEY], UNHURRIED_MS).catch(() => '')).split(' ')
    since = of === instance && Number(at) <= clock() ? Number(at) : clock()
    if (of !== instance) await redis.send(['SET', RUN_KEY, `${instance} ${since}`], UNHURRIED_MS)
    if (now.epoch !== epoch) {
      keeping.forget()
      lag.forget()
    }
    epoch = now.epoch
    from = now.horizon
    remaking.forget()
    sweptAt = Number.NEGATIVE_INFINITY // what is behind is soon where the others are
    looked = true
  }

  /** Shards that nothing happens to, a few each time, so that the log need not be kept for them. */
  function idle(to: string, moves: Moves): void {
    if (sweep.length === 0 && clock() - sweptAt >= SWEEP_MS) {
      sweptAt = clock()
      sweep = shards.filter(shard => shard.at !== undefined && isBefore(shard.at, to))
    }
    for (const shard of sweep.splice(0, CALLS_MOST))
      if (shard.at !== undefined && isBefore(shard.at, to) && !moves.has(shard)) moves.set(shard, [])
  }

  /** New ones are moved also when nothing happened to them: only then are they read. */
  function finish(to: string, moves: Moves): void {
    if (isBefore(to, from)) return
    for (const shard of shards)
      if (shard.isNew && shard.at !== undefined && !isBefore(to, shard.at) && !moves.has(shard)) moves.set(shard, [])
  }

  /** Whether it came to the end of the log. */
  async function go(): Promise<boolean> {
    if (!looked) await look()
    remaking.proceed()
    const began = clock()
    const astray = shards.flatMap(one => (one.astray === undefined ? [] : [{ kind: one.kind, shard: one.shard, from: one.astray }]))
    let pending = await pendingDeltas(db, from, astray, piece)
    // What is added to a shard is one command, for its watermark moves with it.
    if (piece > FIELDS_MOST && mostOfAShard(pending) > FIELDS_MOST) {
      piece = FIELDS_MOST
      pending = await pendingDeltas(db, from, astray, piece)
    }
    if (pending.upTo === pending.horizon) piece = most
    const lost = isBefore(from, pending.floor) || astray.some(one => isBefore(one.from, pending.floor))
    if (pending.epoch !== epoch || lost) {
      looked = false
      return true
    }
    const moves: Moves = new Map()
    for (const { kind, shard: number, key, d } of pending.sums) {
      const shard = shardIn(shards, kind, number)
      if (shard?.at === undefined) continue
      const sums = moves.get(shard) ?? []
      sums.push(key, d)
      moves.set(shard, sums)
    }
    const { upTo } = pending
    idle(upTo, moves)
    finish(upTo, moves)
    const { known, ofNoUse } = await applyMoves(redis, moves, { epoch, to: upTo, from })
    if (!known) looked = false
    tellOf(ofNoUse)
    // Nothing happened to the others below here: they are where those are that were moved.
    for (const shard of shards)
      if (shard.astray !== undefined && !moves.has(shard) && !isBefore(upTo, shard.astray))
        shard.astray = isBefore(upTo, from) ? upTo : undefined
    if (isBefore(from, upTo)) from = upTo
    const whole = !shards.some(shard => shard.astray !== undefined && isBefore(shard.astray, from))
    lag.looked(pending, BigInt(whole ? from : upTo), began)
    const stood = Math.floor(clock() - lag.seconds() * 1000)
    const say: Command[] = [
      ['SET', CAUGHT_UP_KEY, String(stood)],
      ['SET', CHECKPOINT_KEY, formatCheckpoint(epoch, from)],
    ]
    // Another start of Redis has not been looked at.
    if (instance === undefined || instance !== redis.instance()) looked = false
    else if (known && whole && !isBefore(from, behind) && clock() - since >= settleMs)
      say.push(
        ...atomically([
          ['SET', FRESH_KEY, formatFreshness({ epoch, watermark: from, instance })],
          ['PEXPIREAT', FRESH_KEY, String(stood + redisAhead + FRESH_MS)],
        ]),
      )
    refuseErrors(await redis.pipeline(say, UNHURRIED_MS))
    await keeping.keep(shards, from)
    return upTo === pending.horizon
  }

  return {
    async tick() {
      if (!redis.ready()) {
        looked = false
        return
      }
      try {
        while (!stopping.signal.aborted && (await takeTurn())) if (await go()) return
      } catch (err) {
        // Of a command without an answer it is not known whether it was done.
        looked = false
        throw err
      }
    },
    lagSeconds: () => (told === undefined ? lag.seconds() : Math.max(0, clock() - told) / 1000),
    missingShards: () => shards.filter(shard => shard.at === undefined).length,
    async close() {
      stopping.abort()
      await remaking.over()
    },
  }
}

const mostOfAShard = ({ sums }: Pending) => Math.max(0, ...[...Map.groupBy(sums, shardName).values()].map(some => some.length))
