// Adds deltas to shards in Redis. The script APPLY moves counts and watermark of a shard together, and only from the watermark
// we believe it to have; otherwise it says which one it has.

import { throwIfAnyFailed } from '../../redis/commands.ts'
import { BACKGROUND_TIMEOUT_MS, type Redis } from '../../redis/redis.ts'
import { discardIfCorrupt } from './corrupt.ts'
import type { DeltaSum } from './deltas.sql.ts'
import { shardKey } from './keys.ts'
import { APPLY } from './scripts.ts'
import { type Shard, setUnusable, setWatermark, shardIn, type UnusableShard } from './shards.ts'
import { isBefore, isWatermark } from './values.ts'

/** For each shard the arguments of APPLY: field, delta, field, delta, … Without any, only its watermark moves. */
export type ShardUpdates = Map<Shard, string[]>

export const SHARDS_PER_WRITE = 64 // a millisecond of Redis's time

/** Deltas of unusable shards are left out: rebuilding a shard includes them. */
export function groupUpdates(shards: Shard[], sums: DeltaSum[]): ShardUpdates {
  const updates: ShardUpdates = new Map()
  for (const { kind, shard: number, key, d } of sums) {
    const shard = shardIn(shards, kind, number)
    if (shard?.watermark === undefined) continue
    const deltas = updates.get(shard) ?? []
    deltas.push(key, d)
    updates.set(shard, deltas)
  }
  return updates
}

export interface UpdateTarget {
  incarnation: string
  /** The watermark after the updates. Below `from` if only lagging shards are caught up in this batch. */
  to: string
  /** The common watermark. */
  from: string
}

export interface UpdateOutcome {
  /** False if all shards have to be located again: one was beyond `to`, or is not as it was found a moment before. */
  located: boolean
  unusable: UnusableShard[]
}

export async function applyShardUpdates(redis: Redis, updates: ShardUpdates, target: UpdateTarget): Promise<UpdateOutcome> {
  const { incarnation, to, from } = target
  const entries = [...updates]
  const outcome: UpdateOutcome = { located: true, unusable: [] }
  for (let i = 0; i < entries.length; i += SHARDS_PER_WRITE) {
    const some = entries.slice(i, i + SHARDS_PER_WRITE)
    const calls = some.map(([shard, deltas]) => ({
      keys: [shardKey(shard.kind, shard.shard)],
      args: [incarnation, shard.watermark as string, to, staysLagging(shard, to, from) ? '0' : '1', ...deltas],
    }))
    const states = throwIfAnyFailed(await redis.runAll<string>(APPLY, calls, BACKGROUND_TIMEOUT_MS))
    for (const [n, state] of states.entries()) {
      const [shard] = some[n] as [Shard, string[]]
      if (state === 'ok') moveTo(shard, target)
      else await resolveMismatch(redis, shard, { state, to, outcome })
    }
  }
  return outcome
}

const staysLagging = (shard: Shard, to: string, from: string) => isBefore(to, from) && shard.laggingFrom !== undefined

function moveTo(shard: Shard, { to, from }: UpdateTarget): void {
  shard.watermark = to
  if (staysLagging(shard, to, from)) shard.laggingFrom = to
  else [shard.laggingFrom, shard.isNew] = [undefined, false]
}

/** APPLY has changed nothing: the shard was in another `state` than expected. */
async function resolveMismatch(
  redis: Redis,
  shard: Shard,
  { state, to, outcome }: { state: string; to: string; outcome: UpdateOutcome },
): Promise<void> {
  if (isWatermark(state)) {
    // Another process moved it on, or Redis lost writes. It goes on from there, and may be marked as new.
    setWatermark(shard, state, true)
    if (isBefore(to, state)) outcome.located = false
  } else if (state !== 'gone' && (await discardIfCorrupt(redis, shardKey(shard.kind, shard.shard))) === undefined) {
    outcome.located = false // it is sound again, so it is read, and must not be rebuilt but located
  } else {
    setUnusable(shard)
    outcome.unusable.push({ shard, reason: state })
  }
}

/** A rebuilt shard is moved on also if nothing happened to it: only then is it read. */
export function addNewShards(updates: ShardUpdates, shards: Shard[], to: string): void {
  for (const shard of shards)
    if (shard.isNew && shard.watermark !== undefined && !isBefore(to, shard.watermark) && !updates.has(shard)) updates.set(shard, [])
}

/** Nothing happened to the lagging shards without an update below `upTo`, so they are caught up to it. */
export function catchUpUntouched(shards: Shard[], updates: ShardUpdates, { upTo, from }: { upTo: string; from: string }): void {
  for (const shard of shards)
    if (shard.laggingFrom !== undefined && !updates.has(shard) && !isBefore(upTo, shard.laggingFrom))
      shard.laggingFrom = isBefore(upTo, from) ? upTo : undefined
}
