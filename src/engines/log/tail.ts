// Reads a log table in the order (xid, seq), each row once and none skipped. Sequences alone would not do: a transaction
// that began earlier may commit later, behind a reader that has passed its number. So only rows of transactions below
// the oldest one still running are read: that prefix can never change any more (PgQ's idea).

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/** How far a follower has read: everything up to and including this row. */
export interface Position {
  xid: string
  seq: bigint
}

/** The end of the log now: what lies below is over, and seen by a query made after it; everything else is read from here on. */
export async function logHorizon(db: Db): Promise<Position> {
  const { rows } = await sql<{ xid: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`.execute(db)
  return { xid: (rows[0] as { xid: string }).xid, seq: 0n }
}

export interface Change extends Position {
  topic: string
  key: bigint
}

export async function changesAfter(db: Db, { xid, seq }: Position, most: number): Promise<Change[]> {
  // Ordered by the column: a bare `xid` would be the text beside it, where 10 comes before 9.
  const { rows } = await sql<Change>`
    select xid::text as xid, seq, topic, key from change
     where (xid, seq) > (${xid}::xid8, ${seq}) and xid < pg_snapshot_xmin(pg_current_snapshot())
     order by change.xid, change.seq limit ${most}`.execute(db)
  return rows
}

/** Drops up to `most` changes beyond the newest `keep`; returns how many. */
export async function dropOldChanges(db: Db, { keep, most }: { keep: number; most: number }): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    with gone as (
      delete from change using (select xid, seq from change order by xid, seq limit ${most}) old
       where change.xid = old.xid and change.seq = old.seq and change.seq <= (select max(seq) from change) - ${keep}
      returning 1
    ) select count(*)::int as dropped from gone`.execute(db)
  return rows[0]?.dropped ?? 0
}
