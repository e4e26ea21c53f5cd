// What the applier reads from the log: the deltas of all shards, in one statement and so from one snapshot.

import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { COUNTER_KINDS } from '../kinds.ts'
import { SHARDS, type ShardId } from './keys.ts'
import { isBefore } from './values.ts'

export interface LogBounds {
  /** The oldest transaction still running: all below it have ended, so the deltas below it never change again. */
  xmin: string
  /** The first transaction id not given out yet. */
  xmax: string
  /** Deltas below it may have been folded. */
  floor: string
  incarnation: string
}

export interface DeltaSum extends ShardId {
  key: string
  d: string
}

export interface PendingDeltas extends LogBounds {
  /** `sums` has all deltas below it. If there were too many for one read it is lower than xmin, and may be lower than `from`. */
  upTo: string
  sums: DeltaSum[]
}

/** A shard that is not at the common watermark: it contains what is below `from`. */
export interface LaggingShard extends ShardId {
  from: string
}

/** All deltas from `from` on of transactions that have ended; for a lagging shard from its own watermark on. `limit` deltas at most. */
export async function readPendingDeltas(db: Db, from: string, lagging: LaggingShard[], limit: number): Promise<PendingDeltas> {
  const lowest = lagging.reduce((low, one) => (isBefore(one.from, low) ? one.from : low), from)
  const { rows } = await sql<PendingDeltas & { [K in keyof DeltaSum]: DeltaSum[K] | null }>`
    with at as materialized (
      select least(pg_snapshot_xmin(s), (select (xid::text::bigint + 1)::text::xid8 from counter_delta
                                          where xid >= ${lowest}::xid8 order by xid, seq offset ${limit} limit 1)) as up_to,
             pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax,
             (select xid from log_floor where log = 'counter_delta') as floor, counter_epoch() as incarnation
        from pg_current_snapshot() s
    )
    select at.xmin, at.xmax, at.up_to as "upTo", at.floor, at.incarnation, sums.kind, sums.shard, sums.key, sums.d
      from at left join lateral (
        select kind, counter_shard(key) as shard, key::text as key, sum(d)::text as d from counter_delta
         where xid >= ${lowest}::xid8 and xid < at.up_to ${lagging.length > 0 ? fromShardStart(from, lagging) : sql``}
         group by kind, key
      ) sums on true`.execute(db)
  const [{ xmin, xmax, upTo, floor, incarnation }] = rows as [(typeof rows)[0]]
  return { xmin, xmax, upTo, floor, incarnation, sums: rows.filter((row): row is typeof row & DeltaSum => row.kind !== null) }
}

/** The start of each shard is looked up in an array by number: a join would compare every delta with every shard. */
function fromShardStart(from: string, lagging: LaggingShard[]) {
  const starts = Array.from({ length: COUNTER_KINDS.length * SHARDS }, () => from)
  for (const one of lagging) starts[COUNTER_KINDS.indexOf(one.kind) * SHARDS + one.shard] = one.from
  return sql`and xid >= (${starts}::xid8[])[array_position(${COUNTER_KINDS}::text[], kind) * ${SHARDS}::int - ${SHARDS - 1}::int + counter_shard(key)]`
}

export async function readLogBounds(db: Db): Promise<LogBounds> {
  const { rows } = await sql<LogBounds>`
    select pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax, (select xid from log_floor where log = 'counter_delta') as floor,
           counter_epoch() as incarnation from pg_current_snapshot() s`.execute(db)
  return rows[0] as LogBounds
}
