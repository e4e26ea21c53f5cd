// What the applier knows of each shard in Redis, and how it finds out where every one of them is:
//   at      its watermark; undefined while it is of no use and being made anew
//   astray  from where on its deltas are read, when that is not where the others are: it does not contain everything
//           below there, or more than that
//   isNew   whether it may say of itself that it is new, and so is not read, until it has been moved to where the others are
//   useless its watermark when it was found to be of no use

import type { Db } from '../database/database.ts'
import { type Redis, UNHURRIED_MS } from '../redis/redis.ts'
import { findGarbage } from './inspect.ts'
import { everyPlace, isBelow, isWatermark, type Place, SHARDS, shardKey } from './keys.ts'
import { COUNTER_KINDS, type CounterKind } from './kinds.ts'
import { type Bounds, bounds } from './pending.sql.ts'

export interface Shard extends Place {
  at: string | undefined
  astray: string | undefined
  isNew: boolean
  useless: string
}

/** In the order of kinds, and of each kind its shards. */
export const createShards = (): Shard[] =>
  everyPlace().map(place => ({ ...place, at: undefined, astray: undefined, isNew: false, useless: '' }))

export const shardIn = (shards: Shard[], kind: CounterKind, shard: number) => shards[COUNTER_KINDS.indexOf(kind) * SHARDS + shard] as Shard

/** Its deltas are read from its own watermark on, until it is where the others are. */
export function putAt(shard: Shard, watermark: string, isNew: boolean): void {
  shard.at = watermark
  shard.astray = watermark
  shard.isNew = isNew
}

/** Until it is made anew, its counts are read from the rows. */
export function giveUp(shard: Shard, useless = ''): void {
  shard.at = undefined
  shard.astray = undefined
  shard.useless = useless
}

const LOOKS_MOST = 256

export interface OfNoUse {
  shard: Shard
  reason: string
}

/** Finds out where every shard is. Returns the bounds of the log then, and the shards that are of no use. */
export async function lookAt(shards: Shard[], { db, redis }: { db: Db; redis: Redis }): Promise<{ now: Bounds; ofNoUse: OfNoUse[] }> {
  const answers: unknown[] = []
  for (let i = 0; i < shards.length; i += LOOKS_MOST)
    answers.push(
      ...(await redis.pipeline(
        shards.slice(i, i + LOOKS_MOST).map(one => ['HMGET', shardKey(one.kind, one.shard), '_e', '_w', '_n']),
        UNHURRIED_MS,
      )),
    )
  // Asked for afterwards: no watermark of this database can be beyond its horizon.
  const now = await bounds(db)
  const ofNoUse: OfNoUse[] = []
  for (const [i, shard] of shards.entries()) {
    const answer = answers[i]
    const [of, at, isNew] = Array.isArray(answer) ? answer : []
    const fault = faultOf(answer, now)
    if (fault === undefined) {
      putAt(shard, at, isNew !== null)
      continue
    }
    if (answer instanceof Error) await findGarbage(redis, shardKey(shard.kind, shard.shard))
    giveUp(shard, of === now.epoch && isWatermark(at) ? at : '')
    ofNoUse.push({ shard, reason: fault })
  }
  return { now, ofNoUse }
}

function faultOf(answer: unknown, now: Bounds): string | undefined {
  if (answer instanceof Error) return 'wrong type'
  const [of, at] = Array.isArray(answer) ? answer : []
  if (of === null) return 'missing'
  if (of !== now.epoch) return 'another epoch'
  if (!isWatermark(at)) return 'garbage'
  if (isBelow(at, now.floor)) return 'older than the log'
  return isBelow(now.horizon, at) ? 'from the future' : undefined
}
