// Compares shards in Redis with the counts kept in PostgreSQL, each shard at its own watermark. The snapshot gives the counts at
// its watermark; the deltas between the two watermarks are added if the shard is ahead, and taken off if it is behind.

import type pg from 'pg'
import { unavailable } from '../../../base/problem.ts'
import { BACKGROUND_TIMEOUT_MS, type Redis } from '../../redis/redis.ts'
import type { CounterKind } from '../kinds.ts'
import type { CountRow, ShardRows, Snapshot } from '../snapshot.ts'
import { discardIfCorrupt, findCorruptField } from './corrupt.ts'
import { shardKey } from './keys.ts'
import { createShardBuilder, FIELDS_PER_WRITE } from './rebuild.ts'
import { CORRECT, DISCARD } from './scripts.ts'
import { isBefore, isCount, isMetaField, isWatermark, parseHash } from './values.ts'

export interface ShardComparer {
  compare(batch: ShardRows[]): Promise<void>
  finish(): Promise<void>
  result(): { drift: number; unusable: number; repaired: number }
}

interface ComparerNeeds {
  pool: pg.Pool
  redis: Redis
  snapshot: Snapshot
  kind: CounterKind
  correctDrift: boolean
}

/** A shard as read from Redis, beside the rows it is compared with. */
interface LiveShard {
  shard: number
  watermark: string
  /** How often it has been corrected. */
  correctionCount: string
  fields: Map<string, string>
  rows: CountRow[]
}

type Correction = [key: string, by: bigint]

export function createShardComparer({ pool, redis, snapshot, kind, correctDrift }: ComparerNeeds): ShardComparer {
  const { watermark, incarnation } = snapshot
  const builder = createShardBuilder(redis, { kind, incarnation, watermark })
  const instance = redis.instance()
  let drift = 0
  let unusable = 0
  let repaired = 0

  /** The shards of a batch that can be compared; the others are rebuilt. */
  async function readLive(batch: ShardRows[]): Promise<LiveShard[]> {
    const answers = await redis.pipeline(
      batch.map(({ shard }) => ['HGETALL', shardKey(kind, shard)]),
      BACKGROUND_TIMEOUT_MS,
    )
    const live: LiveShard[] = []
    for (const [i, one] of batch.entries()) {
      const found = parseLive(one, answers[i], snapshot)
      if (found) {
        live.push(found)
        continue
      }
      unusable++
      if (correctDrift) await replace(one, answers[i])
    }
    return live
  }

  async function replace({ shard, rows }: ShardRows, answer: unknown): Promise<void> {
    const key = shardKey(kind, shard)
    const fields = answer instanceof Error ? undefined : parseHash(answer)
    const found = fields?.get('_w')
    if (!fields || findCorruptField(fields) !== undefined) await discardIfCorrupt(redis, key)
    else if (fields.get('_e') === incarnation && isWatermark(found))
      await redis.run(DISCARD, { keys: [key], args: [incarnation, found] }, BACKGROUND_TIMEOUT_MS)
    await builder.add(shard, rows)
  }

  async function correct({ shard, watermark: at, correctionCount }: LiveShard, corrections: Correction[]): Promise<void> {
    for (let i = 0; i < corrections.length; i += FIELDS_PER_WRITE) {
      const fields = corrections.slice(i, i + FIELDS_PER_WRITE).flatMap(([key, by]) => [key, String(by)])
      const args = [incarnation, at, String(Number(correctionCount) + i / FIELDS_PER_WRITE), ...fields]
      // After a restart Redis may have the shard as it was before the drift.
      if (redis.instance() !== instance) return
      const outcome = await redis.run<string>(CORRECT, { keys: [shardKey(kind, shard)], args }, BACKGROUND_TIMEOUT_MS)
      if (outcome !== 'ok') return // it changed meanwhile: the next comparison sees it as it is
    }
    repaired++
  }

  return {
    async compare(batch) {
      const live = await readLive(batch)
      const between = await readDeltasBetween(pool, kind, watermark, live)
      for (const one of live) {
        const corrections = findCorrections(one, between.get(one.shard) ?? new Map())
        for (const [, by] of corrections) drift += Math.abs(Number(by))
        if (correctDrift && corrections.length > 0) await correct(one, corrections)
      }
    },
    async finish() {
      repaired += (await builder.finish()).length
    },
    result: () => ({ drift, unusable, repaired }),
  }
}

/** Undefined if the shard cannot be compared: missing, corrupt, of another incarnation, or older than the log. */
function parseLive({ shard, rows }: ShardRows, answer: unknown, { incarnation, floor }: Snapshot): LiveShard | undefined {
  if (answer instanceof Error) return undefined
  const fields = parseHash(answer)
  const watermark = fields.get('_w')
  const correctionCount = fields.get('_r') ?? '0'
  if (fields.get('_e') !== incarnation || !isWatermark(watermark) || isBefore(watermark, floor)) return undefined
  if (!isCount(correctionCount) || findCorruptField(fields) !== undefined) return undefined
  return { shard, watermark, correctionCount, fields, rows }
}

/** By how much each count is wrong. `between` has the deltas between the snapshot's watermark and the shard's. */
function findCorrections({ fields, rows }: LiveShard, between: Map<string, string>): Correction[] {
  const expected = new Map(rows.map(row => [row.key, BigInt(row.value)]))
  for (const [key, d] of between) expected.set(key, (expected.get(key) ?? 0n) + BigInt(d))
  for (const name of fields.keys()) if (!isMetaField(name) && !expected.has(name)) expected.set(name, 0n)
  return [...expected].map(([key, value]): Correction => [key, value - BigInt(fields.get(key) ?? 0)]).filter(([, by]) => by !== 0n)
}

/** By shard and key: the deltas from the snapshot's watermark to the shard's, negative if the shard is behind. */
async function readDeltasBetween(
  pool: pg.Pool,
  kind: CounterKind,
  watermark: string,
  live: LiveShard[],
): Promise<Map<number, Map<string, string>>> {
  const byShard = new Map<number, Map<string, string>>()
  const apart = live.filter(one => one.watermark !== watermark)
  if (apart.length === 0) return byShard
  const isAhead = (one: LiveShard) => isBefore(watermark, one.watermark)
  const { rows } = await pool.query<{ shard: number; key: string; d: string; floor: string }>(
    `select log_floor.xid as floor, sums.* from log_floor left join (
       select place.shard, delta.key::text, sum(case when delta.xid >= $2::xid8 then d else -d end)::text as d
         from counter_delta delta
         join unnest($3::int[], $4::xid8[], $5::xid8[]) place (shard, low, high)
           on place.shard = counter_shard(delta.key) and delta.xid >= place.low and delta.xid < place.high
        where delta.kind = $1 and delta.xid >= $6::xid8
        group by place.shard, delta.key
     ) sums on true where log_floor.log = 'counter_delta'`,
    [
      kind,
      watermark,
      apart.map(one => one.shard),
      apart.map(one => (isAhead(one) ? watermark : one.watermark)),
      apart.map(one => (isAhead(one) ? one.watermark : watermark)),
      apart.reduce((low, one) => (isBefore(one.watermark, low) ? one.watermark : low), watermark),
    ],
  )
  const floor = rows[0]?.floor ?? '0'
  if (apart.some(one => isBefore(one.watermark, floor) || isBefore(watermark, floor)))
    throw unavailable('Deltas that the comparison needs were folded meanwhile: try again later.')
  for (const { shard, key, d } of rows) {
    if (key === null) continue
    const deltas = byShard.get(shard) ?? new Map<string, string>()
    deltas.set(key, d)
    byShard.set(shard, deltas)
  }
  return byShard
}
