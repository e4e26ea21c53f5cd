// Reads a log table in the order (xid, seq), each row once and none skipped. A sequence alone is not enough: a transaction
// that began earlier may commit later, after a reader has passed its numbers. So only rows of transactions below the oldest
// running one (xmin) are read. That prefix never changes again. This is the method of PgQ.

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { unseenPosition } from '../database/unseen.ts'

/** Tables that are read as logs. Each has the columns xid and seq, filled by the database. */
export type LogTable = 'change' | 'counter_delta' | 'behaviour' | 'event' | 'notice'

/** How far a reader has read: everything up to and including this row. */
export interface Position {
  xid: string
  seq: bigint
}

export interface LogEnd {
  /** The oldest transaction id that is still running. All below have ended. */
  xmin: string
  /** One more than the highest transaction id that has ended. */
  xmax: string
  /** Rows below this transaction id may have been deleted. */
  floor: string
  incarnation: string
}

/** The life of the database that a position belongs to. In another one it says nothing. */
export interface Validity {
  /**
   * For positions in memory. After a crash, a restore or a move to another server, PostgreSQL may assign transaction ids again
   * that were used before. Then `counter_epoch()` returns a new incarnation.
   */
  incarnation: string
  /** For positions that are rows: these survive a crash. */
  lineage: string
}

/** The current end of the log. A later query sees every row below it; a reader that starts here gets all others. */
export async function readEndPosition(db: Db): Promise<Position & Validity> {
  const { rows } = await sql<Omit<Position & Validity, 'seq'>>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as xid, counter_epoch() as incarnation, log_lineage() as lineage`.execute(db)
  return { ...(rows[0] as Omit<Position & Validity, 'seq'>), seq: 0n }
}

export interface LogQuery {
  columns: RawBuilder<unknown>
  /** Rows of a transaction that have these alike are read as one, with the place of the last. `columns` then aggregates. */
  alike?: RawBuilder<unknown> | undefined
  after: Position
  limit: number
}

/** Up to `limit` rows after a position, and the end of the log in the same snapshot. `count`: of the rows in the log. */
export async function readRowsAfter<Row extends Position>(
  db: Db,
  log: LogTable,
  { columns, alike, after, limit }: LogQuery,
): Promise<{ rows: Row[]; count: number; end: LogEnd }> {
  const table = sql.table(log)
  // The planner does not see the position (database/unseen.ts).
  const isAfter = sql`(xid, seq) > ${unseenPosition(after.xid, after.seq)} and xid < at.xmin order by xid, seq limit ${sql.lit(limit)}`
  const read = alike
    ? sql`select xid, max(seq) as seq, count(*)::int as "ofRows", ${columns}
            from (select * from ${table} where ${isAfter}) ${table} group by xid, ${alike}`
    : sql`select xid, seq, ${columns} from ${table} where ${isAfter}`
  // In a subquery counter_epoch() is called once, not for each row.
  const { rows } = await sql<Row & OfLog>`
    select at.xmin, at.xmax, (select counter_epoch()) as incarnation, coalesce((select xid from log_floor where log = ${log}), '0') as floor, r.* from (
      select pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax from pg_current_snapshot() s
    ) at left join lateral (${read}) r on true order by r.xid, r.seq`.execute(db)
  const { xmin, xmax, floor, incarnation } = rows[0] as Row & OfLog
  const found = rows.filter(row => row.xid !== null)
  const count = found.reduce((sum, { ofRows = 1 }) => sum + ofRows, 0)
  return { rows: found.map(withoutLog), count, end: { xmin, xmax, floor, incarnation } }
}

type OfLog = LogEnd & { ofRows?: number }

/** The columns of the log alone: consumers store rows that they set aside. */
function withoutLog<Row extends Position>({
  ofRows: _ofRows,
  xmin: _xmin,
  xmax: _xmax,
  floor: _floor,
  incarnation: _incarnation,
  ...row
}: Row & OfLog): Row {
  return row as unknown as Row
}
