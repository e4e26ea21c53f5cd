// Where the counts are in Redis: docs/redis.md tables it. One hash a kind and shard, its fields the ids, beside them
// `_e` (the epoch of the database), `_w` (the watermark: what every transaction below it did is contained), `_r` (how
// often it was repaired, counted from a number of chance) and `_n` (there while it is new: made from a moment that has
// passed, and not yet where the others are, so it is not read).

import { PREFIX } from '../../redis/redis.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'

export const SHARDS = 256 // a million counts of a kind are 4,000 fields each: read whole in a few milliseconds

/** As counter_shard() in the database. */
export const shardOf = (id: bigint): number => Number((id % 1_000_003n) & 255n)

export const shardKey = (kind: CounterKind, shard: number) => `${PREFIX}{count:${kind}:${shard}}`
/** Whose turn it is to apply, and with which stroke: both in one value. It is read together with the next ones, so they share a slot. */
export const LEASE_KEY = `${PREFIX}{count}:turn`
/**
 * There only while the store contains everything that could be seen a second ago: the epoch, the watermark, and which start
 * of Redis it was said of. One that comes back with what it had before has not been looked at yet.
 */
export const FRESH_KEY = `${PREFIX}{count}:fresh`
/** When whoever applies last stood at the end of the log, for those who watch: how far behind the counts are, however far. */
export const CAUGHT_UP_KEY = `${PREFIX}{count}:stood`
/** How far whoever applies has come, and in which epoch: a log that ends before that was put back. */
export const CHECKPOINT_KEY = `${PREFIX}{count}:reached`
/** Since when this start of Redis has been looked after. */
export const RUN_KEY = `${PREFIX}{count}:since`

export interface Freshness {
  epoch: string
  watermark: string
  instance: string
}

export const formatFreshness = ({ epoch, watermark, instance }: Freshness) => `${epoch} ${watermark} ${instance}`

export function parseFreshness(value: unknown): Freshness | undefined {
  const [epoch, watermark, instance] = String(value).split(' ')
  return epoch && isWatermark(watermark) && instance ? { epoch, watermark, instance } : undefined
}

export const formatCheckpoint = (epoch: string, watermark: string) => `${epoch} ${watermark}`

/** How far the store came in this epoch; undefined for anything else. */
export function parseCheckpoint(value: unknown, epoch: string): string | undefined {
  const [of, watermark] = String(value).split(' ')
  return of === epoch && isWatermark(watermark) ? watermark : undefined
}

/** A moment in milliseconds; undefined for anything else, which we have not put there. */
export const parseMillis = (value: unknown): number | undefined => (/^\d{13}$/.test(String(value)) ? Number(value) : undefined)

/** Shards that somebody could not read. */
export const CORRUPT_KEY = `${PREFIX}{count}:broken`
/** What a reader did a moment ago, which the shards may not contain yet. */
export const ownWritesKey = (reader: bigint) => `${PREFIX}count:own:${reader}`

export interface ShardId {
  kind: CounterKind
  shard: number
}

export const allShardIds = (): ShardId[] => COUNTER_KINDS.flatMap(kind => Array.from({ length: SHARDS }, (_, shard) => ({ kind, shard })))

export const shardName = ({ kind, shard }: ShardId) => `${kind}:${shard}`

/** Compares numbers written in decimal, of any length. */
export const isBefore = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length)

/** A transaction's number as the database writes it. */
export const isWatermark = (text: unknown): text is string => typeof text === 'string' && /^\d{1,20}$/.test(text)

/**
 * A count as we write it; whatever else stands in a field, we have not put there. Fifteen digits are exact everywhere. Redis adds
 * to nothing that is written otherwise: a script would end in the middle, and is not undone.
 */
export const isCount = (text: unknown): text is string => typeof text === 'string' && /^(0|-?[1-9]\d{0,14})$/.test(text)

/** All fields of a hash, however the protocol's version writes a map. */
export function parseHash(answer: unknown): Map<string, string> {
  if (!Array.isArray(answer)) return new Map(Object.entries((answer ?? {}) as Record<string, string>))
  return new Map(Array.from({ length: answer.length / 2 }, (_, i) => [String(answer[2 * i]), String(answer[2 * i + 1])]))
}
