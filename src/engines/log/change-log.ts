// The change log: the table in which triggers note every change of rows that processes keep in memory.

import { sql } from 'kysely'
import type { Change } from '../../base/change.ts'
import type { Db } from '../database/database.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import type { LagMetric } from './lag.ts'
import type { Position } from './log-rows.sql.ts'

export interface LoggedChange extends Change, Position {}

export const CHANGE_COLUMNS = sql`topic, key`

export interface ChangeListener {
  onChanges(changes: LoggedChange[]): void
  /** Changes may have been missed, so everything derived from rows may be stale. The next changes are at or after `at`. */
  onGap(at: Position, incarnation: string): void | Promise<void>
}

/** Starts at the end of the log. Each `catchUp` passes on what was committed since the last one. */
export function consumeChanges(db: Db, name: string, { onChanges, onGap }: ChangeListener, lags?: LagMetric): Promise<Consumer> {
  return createConsumer<LoggedChange>({ db, log: 'change', name, columns: CHANGE_COLUMNS, onRows: onChanges, onGap, lags })
}

/** The newest changes that every later query sees, oldest first. */
export async function readRecentChanges(db: Db, limit: number): Promise<LoggedChange[]> {
  const { rows } = await sql<LoggedChange>`
    select xid::text as xid, seq, topic, key from change
     where xid < pg_snapshot_xmin(pg_current_snapshot())
     order by change.xid desc, change.seq desc limit ${limit}`.execute(db)
  return rows.toReversed()
}

/**
 * Deletes up to `limit` changes, oldest first, and returns how many. The newest `keep` stay. So does every change that a
 * consumer at the end of the log has still to read: an open transaction can hold many more than `keep` back. And so does
 * what a durable consumer has still to read, if it was seen within the hour; one that is gone holds nothing back.
 */
export async function deleteOldChanges(db: Db, { keep, limit }: { keep: number; limit: number }): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with gone as (
      delete from change using (select xid, seq from change order by xid, seq limit ${limit}) old
       where change.xid = old.xid and change.seq = old.seq and change.seq <= (select max(seq) from change) - ${keep}
         and change.xid < pg_snapshot_xmin(pg_current_snapshot())
         and not exists (select from log_consumer c where c.log = 'change' and c.seen_at > now() - interval '1 hour'
                            and c.xid <= change.xid)
      returning change.xid
    ),
    floor as (
      update log_floor set xid = greatest(xid, (select (max(xid)::text::bigint + 1)::text::xid8 from gone))
       where log = 'change' and exists (select from gone)
    )
    select count(*)::int as deleted from gone`.execute(db)
  return rows[0]?.deleted ?? 0
}
