// What the applier asks of the log: one statement a stroke, for all shards, at one moment.

import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'
import { isBefore, SHARDS } from './keys.ts'

export interface Pending {
  horizon: string
  top: string
  /** The deltas below it are in `sums`; below the horizon when there were too many, and then it may lie below `from` too. */
  upTo: string
  floor: string
  epoch: string
  sums: { kind: CounterKind; shard: number; key: string; d: string }[]
}

/** Deltas in one statement: a backlog is worked off in several, none of which holds Redis up for long. */
export const DELTAS_MOST = 20_000

/** A shard that is not where the others are: it contains what is below `from`. */
export interface Astray {
  kind: CounterKind
  shard: number
  from: string
}

/** For each shard its own beginning, looked up by its number: a join would compare every delta with every shard. */
function since(from: string, astray: Astray[]) {
  const starts = Array.from({ length: COUNTER_KINDS.length * SHARDS }, () => from)
  for (const one of astray) starts[COUNTER_KINDS.indexOf(one.kind) * SHARDS + one.shard] = one.from
  return sql`and xid >= (${starts}::xid8[])[array_position(${COUNTER_KINDS}::text[], kind) * ${SHARDS}::int - ${SHARDS - 1}::int + counter_shard(key)]`
}

/** Everything from `from` on that is over for good, and for the shards astray from where they are. */
export async function pendingDeltas(db: Db, from: string, astray: Astray[], most: number): Promise<Pending> {
  const lowest = astray.reduce((low, one) => (isBefore(one.from, low) ? one.from : low), from)
  const { rows } = await sql<Pending & { kind: CounterKind | null; shard: number; key: string; d: string }>`
    with at as materialized (
      select least(pg_snapshot_xmin(s), (select (xid::text::bigint + 1)::text::xid8 from counter_delta
                                          where xid >= ${lowest}::xid8 order by xid, seq offset ${most} limit 1)) as up_to,
             pg_snapshot_xmin(s) as horizon, pg_snapshot_xmax(s) as top,
             (select xid from log_floor where log = 'counter_delta') as floor, counter_epoch() as epoch
        from pg_current_snapshot() s
    )
    select at.horizon, at.top, at.up_to as "upTo", at.floor, at.epoch, sums.kind, sums.shard, sums.key, sums.d
      from at left join lateral (
        select kind, counter_shard(key) as shard, key::text as key, sum(d)::text as d from counter_delta
         where xid >= ${lowest}::xid8 and xid < at.up_to ${astray.length > 0 ? since(from, astray) : sql``}
         group by kind, key
      ) sums on true`.execute(db)
  const [{ horizon, top, upTo, floor, epoch }] = rows as [(typeof rows)[0]]
  return { horizon, top, upTo, floor, epoch, sums: rows.filter((row): row is typeof row & { kind: CounterKind } => row.kind !== null) }
}

export const STORE = 'redis'

/** From now on folding leaves the deltas this store may need; how far, it says by `keepFrom`. */
export async function registerConsumer(db: Db): Promise<void> {
  await sql`
    insert into log_consumer (log, name, xid) values ('counter_delta', ${STORE}, pg_snapshot_xmin(pg_current_snapshot()))
    on conflict (log, name) do update set seen_at = now()`.execute(db)
}

/** Never further back than somebody else has said: each of those who apply says what was true of the store. */
export async function advanceConsumer(db: Db, xid: string): Promise<void> {
  await sql`
    insert into log_consumer (log, name, xid) values ('counter_delta', ${STORE}, ${xid}::xid8)
    on conflict (log, name) do update set xid = greatest(log_consumer.xid, excluded.xid), seen_at = now()`.execute(db)
}

/** There is no such store any more: folding need not wait for it. */
export async function removeConsumer(db: Db): Promise<void> {
  await sql`delete from log_consumer where log = 'counter_delta' and name = ${STORE}`.execute(db)
}

export interface Bounds {
  horizon: string
  top: string
  floor: string
  epoch: string
}

/** Where the log ends, and from where it can still be read. */
export async function bounds(db: Db): Promise<Bounds> {
  const { rows } = await sql<Bounds>`
    select pg_snapshot_xmin(s) as horizon, pg_snapshot_xmax(s) as top, (select xid from log_floor where log = 'counter_delta') as floor,
           counter_epoch() as epoch from pg_current_snapshot() s`.execute(db)
  return rows[0] as Bounds
}
