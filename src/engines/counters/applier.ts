// Keeps the counts in Redis in step with the log. Each stroke reads, in one statement, what has been committed since the
// last, and adds it to the shards it belongs to; value and watermark of a shard move together, and only from where we
// believe it to be (scripts.ts). So any number of processes may do this, and any of them may be killed at any moment.
//
// What it remembers of each shard:
//   at      its watermark in Redis; undefined while it is of no use and being made anew
//   astray  from where on its deltas are read, when that is not where the others are: it does not contain everything
//           below there, or more than that
//   isNew   whether it may say of itself that it is new, and so is not read, until it has been moved to where the others are

import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type Clock, MINUTE, SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../database/database.ts'
import { createLag } from '../log/lag.ts'
import type { Command, Redis } from '../redis/redis.ts'
import { findGarbage } from './inspect.ts'
import {
  BROKEN_KEY,
  everyPlace,
  FRESH_KEY,
  isBelow,
  isWatermark,
  type Place,
  placeName,
  readStood,
  SHARDS,
  SINCE_KEY,
  STOOD_KEY,
  shardKey,
  TURN_KEY,
  writeFresh,
} from './keys.ts'
import { COUNTER_KINDS, type CounterKind } from './kinds.ts'
import { bounds, DELTAS_MOST, keepFrom, type Pending, pendingDeltas, registerStore } from './pending.sql.ts'
import { FIELDS_MOST, rebuildShards, refuseErrors } from './rebuild.ts'
import { APPLY, TURN } from './scripts.ts'

export interface ApplierNeeds {
  db: Db
  pool: pg.Pool
  redis: Redis
  log: Log
  clock?: Clock
  /** How long after a start of Redis it is not read: the other processes have to be connected again, to note what readers do. */
  settleMs?: number
  /** Deltas in one statement. */
  most?: number
  /** Told of shards made anew, and why. */
  rebuilt?: (reason: string, shards: number) => void
}

export interface Applier {
  /** Reads on to the end of the log; returns at once when it is another process's turn. Never fails because Redis is away. */
  stroke(): Promise<void>
  lagSeconds(): number
  /** Shards that are of no use at the moment. */
  missing(): number
  close(): Promise<void>
}

interface Shard extends Place {
  at: string | undefined
  astray: string | undefined
  isNew: boolean
  /** Its watermark when it was found to be of no use. */
  useless: string
}

const TURN_MS = 1_500 // whoever has the turn keeps it with each stroke, a fifth of a second apart
const FRESH_MS = SECOND // the promise: no count read from the store is older
const CALLS_MOST = 64 // shards in one write: a millisecond of Redis's time
const LOOKS_MOST = 256
const APPLY_MS = 2_000 // nobody waits for it
const SWEEP_MS = MINUTE // shards to which nothing happens are moved on so often
const KEEP_EVERY_MS = 5 * SECOND
const SETTLE_MS = 2_500 // longer than a process rests between two attempts to connect
const KEPT_MS = MINUTE // a Redis that comes back with less than its last minute catches up from deltas

export function createApplier(needs: ApplierNeeds): Applier {
  const { db, pool, redis, log, clock = Date.now, settleMs = SETTLE_MS, most = DELTAS_MOST, rebuilt = () => {} } = needs
  const me = randomUUID()
  const shards: Shard[] = everyPlace().map(place => ({ ...place, at: undefined, astray: undefined, isNew: false, useless: '' }))
  const shardAt = (kind: CounterKind, shard: number) => shards[COUNTER_KINDS.indexOf(kind) * SHARDS + shard] as Shard
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
  let keptAt = Number.NEGATIVE_INFINITY
  let lows: { at: number; low: string }[] = []
  let making: Promise<void> | undefined
  let failedAt = Number.NEGATIVE_INFINITY
  let made: { kind: CounterKind; shard: number; watermark: string; epoch: string }[] = []
  /** What those who have the turn say of how far they are. */
  let told: number | undefined

  function isOfNoUse(shard: Shard, reason: string, useless = ''): void {
    if (shard.at !== undefined) log.warn({ shard: placeName(shard), reason }, 'counts in redis are of no use and made anew')
    shard.at = undefined
    shard.astray = undefined
    shard.useless = useless
  }

  /** Whether it is our turn. Having lost it, or finding that Redis lost anything, we look at everything again. */
  async function takeTurn(): Promise<boolean> {
    const args = [me, String(stroke), String(stroke + 1), String(TURN_MS)]
    const [mine, known, stood, ...broken] = await redis.run<[number, number, string, ...string[]]>(
      TURN,
      { keys: [TURN_KEY, STOOD_KEY, BROKEN_KEY], args },
      APPLY_MS,
    )
    told = mine ? undefined : readStood(stood)
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
    const [kind, number] = name.split(':')
    const shard = shards.find(one => one.kind === kind && String(one.shard) === number)
    if (!shard || shard.at === undefined) return
    const garbage = await findGarbage(redis, shardKey(shard.kind, shard.shard))
    if (garbage !== undefined) log.warn({ shard: name, field: garbage }, 'something else than counts stands in redis')
    looked = false
  }

  /** Finds out where every shard is. */
  async function look(): Promise<void> {
    await registerStore(db)
    const answers: unknown[] = []
    for (let i = 0; i < shards.length; i += LOOKS_MOST)
      answers.push(
        ...(await redis.pipeline(
          shards.slice(i, i + LOOKS_MOST).map(one => ['HMGET', shardKey(one.kind, one.shard), '_e', '_w', '_n']),
          APPLY_MS,
        )),
      )
    // Asked for afterwards: no watermark of this database can be beyond its horizon.
    const now = await bounds(db)
    const unused = new Map<string, number>()
    for (const [i, shard] of shards.entries()) {
      const answer = answers[i]
      const [of, at, isNew] = Array.isArray(answer) ? answer : []
      const reason =
        answer instanceof Error
          ? 'wrong type'
          : of === null
            ? 'missing'
            : of !== now.epoch
              ? 'another epoch'
              : !isWatermark(at)
                ? 'garbage'
                : isBelow(at, now.floor)
                  ? 'older than the log'
                  : isBelow(now.horizon, at)
                    ? 'from the future'
                    : undefined
      if (answer instanceof Error) await findGarbage(redis, shardKey(shard.kind, shard.shard))
      if (reason === undefined) {
        shard.at = at
        shard.astray = at
        shard.isNew = isNew !== null
        continue
      }
      shard.at = undefined
      shard.astray = undefined
      shard.useless = of === now.epoch && isWatermark(at) ? at : ''
      unused.set(reason, (unused.get(reason) ?? 0) + 1)
    }
    for (const [reason, count] of unused) {
      log.warn({ reason, shards: count }, 'counts in redis are of no use and made anew')
      rebuilt(reason, count)
    }
    behind = now.top
    const [of, at] = String(await redis.send(['GET', SINCE_KEY], APPLY_MS).catch(() => '')).split(' ')
    since = of === instance && Number(at) <= clock() ? Number(at) : clock()
    if (of !== instance) await redis.send(['SET', SINCE_KEY, `${instance} ${since}`], APPLY_MS)
    if (now.epoch !== epoch) lows = []
    epoch = now.epoch
    from = now.horizon
    made = []
    sweptAt = Number.NEGATIVE_INFINITY // what is behind is soon where the others are
    looked = true
  }

  /** Beside the strokes, for it may take seconds: until it is done, reads of these shards go to the rows. */
  async function make(): Promise<void> {
    for (const kind of COUNTER_KINDS) {
      const useless = new Map(shards.filter(one => one.kind === kind && one.at === undefined).map(one => [one.shard, one.useless]))
      if (useless.size === 0 || !looked) continue
      const of = epoch
      const began = performance.now()
      const done = await rebuildShards(pool, redis, { kind, useless, signal: stopping.signal })
      made.push(...done.map(one => ({ kind, ...one, epoch: of })))
      log.info({ kind, shards: done.length, seconds: (performance.now() - began) / 1000 }, 'counts in redis made anew')
    }
  }

  function takeMade(): void {
    for (const { kind, shard: number, watermark, epoch: of } of made) {
      const shard = shardAt(kind, number)
      if (of !== epoch || shard.at !== undefined) continue
      shard.at = watermark
      shard.astray = watermark
      shard.isNew = true
    }
    made = []
    if (making || clock() - failedAt < SECOND || !shards.some(shard => shard.at === undefined)) return
    making = make()
      .catch(err => {
        failedAt = clock()
        if (!stopping.signal.aborted) log.warn({ err: err.message }, 'counts in redis could not be made anew yet')
      })
      .finally(() => {
        making = undefined
      })
  }

  /** Moves shards on; with what is to be added to each. */
  async function apply(moves: Map<Shard, string[]>, to: string): Promise<void> {
    const all = [...moves]
    for (let i = 0; i < all.length; i += CALLS_MOST) {
      const some = all.slice(i, i + CALLS_MOST)
      const behindOthers = isBelow(to, from)
      const calls = some.map(([shard, sums]) => ({
        keys: [shardKey(shard.kind, shard.shard)],
        args: [epoch, shard.at as string, to, behindOthers && shard.astray !== undefined ? '0' : '1', ...sums],
      }))
      const outcomes = refuseErrors(await redis.runAll<string>(APPLY, calls, APPLY_MS))
      for (const [n, outcome] of outcomes.entries()) {
        const [shard, sums] = some[n] as [Shard, string[]]
        if (outcome === 'ok') {
          shard.at = to
          if (behindOthers && shard.astray !== undefined) shard.astray = to
          else [shard.astray, shard.isNew] = [undefined, false]
        } else if (isWatermark(outcome)) {
          // Somebody else has moved it on, or Redis went back in time: on from where it is.
          shard.at = outcome
          shard.astray = outcome
          shard.isNew = true // for all we know
          if (isBelow(to, outcome)) looked = false // further than we: is there such a point yet?
        } else {
          if (outcome !== 'gone') await findGarbage(redis, shardKey(shard.kind, shard.shard))
          isOfNoUse(shard, outcome)
          rebuilt(outcome, 1)
          log.debug({ shard: placeName(shard), fields: sums.length / 2 }, 'applied by being made anew')
        }
      }
    }
  }

  /** Shards that nothing happens to, a few each time, so that the log need not be kept for them. */
  function idle(to: string, moves: Map<Shard, string[]>): void {
    if (sweep.length === 0 && clock() - sweptAt >= SWEEP_MS) {
      sweptAt = clock()
      sweep = shards.filter(shard => shard.at !== undefined && isBelow(shard.at, to))
    }
    for (const shard of sweep.splice(0, CALLS_MOST))
      if (shard.at !== undefined && isBelow(shard.at, to) && !moves.has(shard)) moves.set(shard, [])
  }

  /** New ones are moved also when nothing happened to them: only then are they read. */
  function finish(to: string, moves: Map<Shard, string[]>): void {
    if (isBelow(to, from)) return
    for (const shard of shards)
      if (shard.isNew && shard.at !== undefined && !isBelow(to, shard.at) && !moves.has(shard)) moves.set(shard, [])
  }

  /** Lets folding have what no Redis that lost less than its last minute would need. */
  async function keep(): Promise<void> {
    const now = clock()
    if (now - keptAt < KEEP_EVERY_MS) return
    keptAt = now
    let low = from
    for (const { at } of shards) if (at !== undefined && isBelow(at, low)) low = at
    lows.push({ at: now, low })
    const old = lows.findLast(one => one.at <= now - KEPT_MS)
    if (!old) return registerStore(db)
    lows = lows.filter(one => one.at >= old.at)
    await keepFrom(db, old.low)
  }

  /** Whether it came to the end of the log. */
  async function go(): Promise<boolean> {
    if (!looked) await look()
    takeMade()
    const began = clock()
    const astray = shards.flatMap(one => (one.astray === undefined ? [] : [{ kind: one.kind, shard: one.shard, from: one.astray }]))
    let pending = await pendingDeltas(db, from, astray, piece)
    // What is added to a shard is one command, for its watermark moves with it.
    if (piece > FIELDS_MOST && mostOfAShard(pending) > FIELDS_MOST) {
      piece = FIELDS_MOST
      pending = await pendingDeltas(db, from, astray, piece)
    }
    if (pending.upTo === pending.horizon) piece = most
    const lost = isBelow(from, pending.floor) || astray.some(one => isBelow(one.from, pending.floor))
    if (pending.epoch !== epoch || lost) {
      looked = false
      return true
    }
    const moves = new Map<Shard, string[]>()
    for (const { kind, shard: number, key, d } of pending.sums) {
      const shard = shardAt(kind, number)
      if (shard?.at === undefined) continue
      const sums = moves.get(shard) ?? []
      sums.push(key, d)
      moves.set(shard, sums)
    }
    const { upTo } = pending
    idle(upTo, moves)
    finish(upTo, moves)
    await apply(moves, upTo)
    // Nothing happened to the others below here: they are where those are that were moved.
    for (const shard of shards)
      if (shard.astray !== undefined && !moves.has(shard) && !isBelow(upTo, shard.astray))
        shard.astray = isBelow(upTo, from) ? upTo : undefined
    if (isBelow(from, upTo)) from = upTo
    const whole = !shards.some(shard => shard.astray !== undefined && isBelow(shard.astray, from))
    lag.looked(pending, BigInt(whole ? from : upTo), began)
    const left = Math.floor(FRESH_MS - lag.seconds() * 1000)
    const say: Command[] = [['SET', STOOD_KEY, String(Math.round(clock() - lag.seconds() * 1000))]]
    // Another start of Redis has not been looked at.
    if (instance === undefined || instance !== redis.instance()) looked = false
    else if (whole && left > 0 && !isBelow(from, behind) && clock() - since >= settleMs)
      say.push(['SET', FRESH_KEY, writeFresh({ epoch, watermark: from, instance }), 'PX', String(left)])
    refuseErrors(await redis.pipeline(say, APPLY_MS))
    await keep()
    return upTo === pending.horizon
  }

  return {
    async stroke() {
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
    missing: () => shards.filter(shard => shard.at === undefined).length,
    async close() {
      stopping.abort()
      await making
    },
  }
}

const mostOfAShard = ({ sums }: Pending) => Math.max(0, ...[...Map.groupBy(sums, placeName).values()].map(some => some.length))
