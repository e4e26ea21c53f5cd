// What the applier knows of each shard in Redis, and how it finds out where every one of them is:
//   at      its watermark; undefined while it is of no use and being made anew
//   astray  from where on its deltas are read, when that is not where the others are: it does not contain everything
//           below there, or more than that
//   isNew   whether it may say of itself that it is new, and so is not read, until it has been moved to where the others are

import type { Db } from '../../database/database.ts'
import { refuseErrors } from '../../redis/commands.ts'
import { type Call, type Redis, UNHURRIED_MS } from '../../redis/redis.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'
import { type Bounds, bounds } from './deltas.sql.ts'
import { allShardIds, isBefore, isWatermark, SHARDS, type ShardId, shardKey } from './keys.ts'
import { DISCARD } from './scripts.ts'

export interface Shard extends ShardId {
  at: string | undefined
  astray: string | undefined
  isNew: boolean
}

/** In the order of kinds, and of each kind its shards. */
export const createShards = (): Shard[] => allShardIds().map(place => ({ ...place, at: undefined, astray: undefined, isNew: false }))

export const shardIn = (shards: Shard[], kind: CounterKind, shard: number) => shards[COUNTER_KINDS.indexOf(kind) * SHARDS + shard] as Shard

/** Its deltas are read from its own watermark on, until it is where the others are. */
export function putAt(shard: Shard, watermark: string, isNew: boolean): void {
  shard.at = watermark
  shard.astray = watermark
  shard.isNew = isNew
}

/** Until it is made anew, its counts are read from the rows. */
export function giveUp(shard: Shard): void {
  shard.at = undefined
  shard.astray = undefined
}

const LOOKS_MOST = 256

export interface OfNoUse {
  shard: Shard
  reason: string
}

/** Finds out where every shard is, and takes away what could be read for one and is not. Returns the bounds of the log then, and the shards that are of no use. */
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
  const found: (OfNoUse & { call: Call })[] = []
  for (const [i, shard] of shards.entries()) {
    const answer = answers[i]
    const [of, at, isNew] = Array.isArray(answer) ? answer : []
    const reason = faultOf(answer, now)
    if (reason === undefined) {
      putAt(shard, at, isNew !== null)
      continue
    }
    giveUp(shard)
    const state = answer instanceof Error ? 'wrong' : of === now.epoch && isWatermark(at) ? at : 'gone'
    found.push({ shard, reason, call: { keys: [shardKey(shard.kind, shard.shard)], args: [now.epoch, state] } })
  }
  const ofNoUse: OfNoUse[] = []
  for (let i = 0; i < found.length; i += LOOKS_MOST) {
    const some = found.slice(i, i + LOOKS_MOST)
    const calls = some.map(({ call }) => call)
    const states = refuseErrors(await redis.runAll<string>(DISCARD, calls, UNHURRIED_MS))
    for (const [n, { shard, reason, call }] of some.entries()) {
      const state = states[n]
      // Somebody has put another in its place, and it may be read.
      if (isWatermark(state) && state !== call.args[1]) putAt(shard, state, true)
      else ofNoUse.push({ shard, reason })
    }
  }
  return { now, ofNoUse }
}

function faultOf(answer: unknown, now: Bounds): string | undefined {
  if (answer instanceof Error) return 'wrong type'
  const [of, at] = Array.isArray(answer) ? answer : []
  if (of === null) return 'missing'
  if (of !== now.epoch) return 'another epoch'
  if (!isWatermark(at)) return 'garbage'
  if (isBefore(at, now.floor)) return 'older than the log'
  return isBefore(now.horizon, at) ? 'from the future' : undefined
}
