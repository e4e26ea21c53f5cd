// The keys of the counts in Redis; docs/redis.md lists them with types and lifetimes. A shard is one hash. Its fields are ids,
// and four fields about the shard itself: `_e` incarnation of the database, `_w` watermark (every transaction below it is
// contained), `_r` number of corrections (starting from a random number), `_n` present while it is rebuilt but not caught up.

import { KEY_PREFIX } from '../../redis/redis.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'

export const SHARDS = 256 // with a million counts of a kind a shard has 4,000 fields: read whole in a few milliseconds

/** The same as counter_shard() in the database. */
export const shardOf = (id: bigint): number => Number((id % 1_000_003n) & 255n)

export interface ShardId {
  kind: CounterKind
  shard: number
}

/** By kind, and by number within a kind. */
export const allShardIds = (): ShardId[] => COUNTER_KINDS.flatMap(kind => Array.from({ length: SHARDS }, (_, shard) => ({ kind, shard })))

export const shardName = ({ kind, shard }: ShardId) => `${kind}:${shard}`

export const shardKey = (kind: CounterKind, shard: number) => `${KEY_PREFIX}{count:${kind}:${shard}}`
/** A shard that is being built. It shares the slot of the shard it will replace. */
export const newShardKey = (kind: CounterKind, shard: number, attempt: string) => `${shardKey(kind, shard)}:new:${attempt}`

/** Which process applies, and its last tick. One script reads it with the next two keys, so all have one slot. */
export const LEASE_KEY = `${KEY_PREFIX}{count}:turn`
/** When the applier was last caught up, for monitoring. */
export const CAUGHT_UP_KEY = `${KEY_PREFIX}{count}:stood`
/** Shards that a reader found corrupt or missing. */
export const CORRUPT_KEY = `${KEY_PREFIX}{count}:broken`
/** There only while the shards contain all that was committed a second ago. See Freshness. */
export const FRESH_KEY = `${KEY_PREFIX}{count}:fresh`
/** How far the applier has come. If the log ends before it, the database was restored. */
export const CHECKPOINT_KEY = `${KEY_PREFIX}{count}:reached`
/** The current run of Redis, and since when an applier has seen it. */
export const RUN_KEY = `${KEY_PREFIX}{count}:since`
/** What a reader did a moment ago, which the shards may not contain yet. */
export const ownWritesKey = (reader: bigint) => `${KEY_PREFIX}count:own:${reader}`
