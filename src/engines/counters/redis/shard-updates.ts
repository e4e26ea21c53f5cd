// Moves shards in Redis on, each with what is to be added to it: value and watermark together, by a script that does so only
// from where we believe the shard to be, and otherwise says where it is.

import { refuseErrors } from '../../redis/commands.ts'
import { type Redis, UNHURRIED_MS } from '../../redis/redis.ts'
import { discardIfCorrupt } from './corrupt.ts'
import { isBefore, isWatermark, shardKey } from './keys.ts'
import { APPLY } from './scripts.ts'
import { giveUp, type OfNoUse, putAt, type Shard } from './shards.ts'

/** What is to be added to each: fields and by how much, one after another. With nothing, only its watermark moves. */
export type Moves = Map<Shard, string[]>

export const CALLS_MOST = 64 // shards in one write: a millisecond of Redis's time

export interface Move {
  epoch: string
  to: string
  /** Where the shards are that are not astray. */
  from: string
}

export interface Moved {
  /** False when a shard is further than we, or is not as it was found a moment before: where they all are has to be looked up. */
  known: boolean
  ofNoUse: OfNoUse[]
}

export async function applyMoves(redis: Redis, moves: Moves, { epoch, to, from }: Move): Promise<Moved> {
  const all = [...moves]
  const behindOthers = isBefore(to, from)
  const ofNoUse: OfNoUse[] = []
  let known = true
  for (let i = 0; i < all.length; i += CALLS_MOST) {
    const some = all.slice(i, i + CALLS_MOST)
    const calls = some.map(([shard, sums]) => ({
      keys: [shardKey(shard.kind, shard.shard)],
      args: [epoch, shard.at as string, to, behindOthers && shard.astray !== undefined ? '0' : '1', ...sums],
    }))
    const outcomes = refuseErrors(await redis.runAll<string>(APPLY, calls, UNHURRIED_MS))
    for (const [n, outcome] of outcomes.entries()) {
      const [shard] = some[n] as [Shard, string[]]
      if (outcome === 'ok') {
        shard.at = to
        if (behindOthers && shard.astray !== undefined) shard.astray = to
        else [shard.astray, shard.isNew] = [undefined, false]
      } else if (isWatermark(outcome)) {
        // Somebody else has moved it on, or Redis went back in time: on from where it is, and new for all we know.
        putAt(shard, outcome, true)
        if (isBefore(to, outcome)) known = false
      } else if (outcome !== 'gone' && (await discardIfCorrupt(redis, shardKey(shard.kind, shard.shard))) === undefined) {
        known = false // all right again, and read: not made anew, but looked for
      } else {
        giveUp(shard)
        ofNoUse.push({ shard, reason: outcome })
      }
    }
  }
  return { known, ofNoUse }
}
