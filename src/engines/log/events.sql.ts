// The events: which reader did, or undid, something, and to what. Triggers write them (declare_events), durable consumers follow them.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/** Deletes up to `limit` events of before `days` ago, and says how far the log has lost its rows. */
export async function deleteOldEvents(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with gone as (
      delete from event where (xid, seq) in (
        select xid, seq from (select xid, seq, at from event order by xid, seq limit ${limit}) oldest
         where at < now() - make_interval(days => ${days}) and xid < pg_snapshot_xmin(pg_current_snapshot()))
      returning xid
    ), floor as (
      update log_floor set xid = greatest(xid, (select (max(xid)::text::bigint + 1)::text::xid8 from gone))
       where log = 'event' and exists (select from gone)
    )
    select count(*)::int as deleted from gone`.execute(db)
  return rows[0]?.deleted ?? 0
}
