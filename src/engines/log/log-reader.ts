// Reads a log table in the order (xid, seq), each row once and none skipped. Sequences alone would not do: a transaction
// that began earlier may commit later, behind a reader that has passed its number. So only rows of transactions below
// the oldest one still running are read: that prefix can never change any more (PgQ's idea).

import { type RawBuilder, sql } from 'kysely'
import type { Change } from '../../base/change.ts'
import type { Db } from '../database/database.ts'

/** Tables that are read as logs: each has the columns xid and seq, filled by the database. */
export type LogTable = 'change' | 'counter_delta' | 'behaviour'

/** How far a follower has read: everything up to and including this row. */
export interface Position {
  xid: string
  seq: bigint
}

/**
 * Everything below `horizon` is over for good, everything that could be seen at all was below `top`; below `floor` rows may be
 * gone. Another `history` gives numbers of transactions out that were given out before: after a crash, elsewhere, restored. It
 * is what counter_epoch() says; the counts call it their epoch.
 */
export interface LogEnd {
  xmin: string
  xmax: string
  floor: string
  incarnation: string
}

/**
 * The end of the log now, and of which history: what lies below is over, and seen by a query made after it; everything else is
 * read from here on.
 */
export async function readEndPosition(db: Db): Promise<Position & { history: string }> {
  const { rows } = await sql<{ xid: string; history: string }>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as xid, counter_epoch() as history`.execute(db)
  return { ...(rows[0] as { xid: string; history: string }), seq: 0n }
}

/** Up to `most` rows behind a position, and the end of the log in the same moment. The history is asked for once, not for each row. */
export async function readRowsAfter<Row extends Position>(
  db: Db,
  log: LogTable,
  { columns, after, most }: { columns: RawBuilder<unknown>; after: Position; most: number },
): Promise<{ rows: Row[]; end: LogEnd }> {
  const { rows } = await sql<Row & LogEnd>`
    select at.xmin, at.xmax, (select counter_epoch()) as incarnation, coalesce((select xid from log_floor where log = ${log}), '0') as floor, r.* from (
      select pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax from pg_current_snapshot() s
    ) at left join lateral (
      select xid, seq, ${columns} from ${sql.table(log)}
       where (xid, seq) > (${after.xid}::xid8, ${after.seq}) and xid < at.xmin
       order by xid, seq limit ${most}
    ) r on true order by r.xid, r.seq`.execute(db)
  const { xmin, xmax, floor, incarnation } = rows[0] as Row & LogEnd
  return { rows: rows.filter(row => row.xid !== null), end: { xmin, xmax, floor, incarnation } }
}

export interface LoggedChange extends Change, Position {}

export const CHANGE_COLUMNS = sql`topic, key`

/** The newest changes that every later query sees, in their order. */
export async function readRecentChanges(db: Db, most: number): Promise<LoggedChange[]> {
  const { rows } = await sql<LoggedChange>`
    select xid::text as xid, seq, topic, key from change
     where xid < pg_snapshot_xmin(pg_current_snapshot())
     order by change.xid desc, change.seq desc limit ${most}`.execute(db)
  return rows.toReversed()
}

/**
 * Drops up to `most` changes beyond the newest `keep`; returns how many. None that a follower at the end of the log has
 * still to read: while a transaction holds that end back, many more than `keep` may come to lie behind it.
 */
export async function deleteOldChanges(db: Db, { keep, most }: { keep: number; most: number }): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    with gone as (
      delete from change using (select xid, seq from change order by xid, seq limit ${most}) old
       where change.xid = old.xid and change.seq = old.seq and change.seq <= (select max(seq) from change) - ${keep}
         and change.xid < pg_snapshot_xmin(pg_current_snapshot())
      returning change.xid
    ),
    floor as (
      update log_floor set xid = greatest(xid, (select (max(xid)::text::bigint + 1)::text::xid8 from gone))
       where log = 'change' and exists (select from gone)
    )
    select count(*)::int as dropped from gone`.execute(db)
  return rows[0]?.dropped ?? 0
}
