// What a read needs of one shard: some ids of a kind, fetched with the fields that say whether the shard may be read.

import type { Command } from '../../redis/redis.ts'
import type { CounterKind } from '../kinds.ts'
import { type ShardId, shardKey, shardOf } from './keys.ts'
import { isCount, isWatermark } from './values.ts'

export interface ShardSlice extends ShardId {
  ids: bigint[]
}

/** Splits ids by shard; an id that comes twice is read once. */
export function slicesOf(kind: CounterKind, ids: readonly bigint[]): ShardSlice[] {
  const slices = new Map<number, ShardSlice>()
  for (const id of new Set(ids)) {
    const shard = shardOf(id)
    const slice = slices.get(shard)
    if (slice) slice.ids.push(id)
    else slices.set(shard, { kind, shard, ids: [id] })
  }
  return [...slices.values()]
}

export const sliceCommand = ({ kind, shard, ids }: ShardSlice): Command => [
  'HMGET',
  shardKey(kind, shard),
  '_e',
  '_w',
  '_n',
  ...ids.map(String),
]

export interface SliceContents {
  watermark: string
  /** In the order of the slice's ids. */
  values: number[]
}

/** Undefined if the shard may not be read: it is missing, corrupt, of another incarnation, or rebuilt and not caught up. */
export function parseSlice({ ids }: ShardSlice, answer: unknown, incarnation: string): SliceContents | undefined {
  if (!Array.isArray(answer)) return undefined
  const [of, watermark, isNew, ...values] = answer as (string | null)[]
  if (of !== incarnation || !isWatermark(watermark) || isNew !== null) return undefined
  if (!values.every(value => value === null || isCount(value))) return undefined
  return { watermark, values: ids.map((_, i) => Number(values[i] ?? 0)) }
}
