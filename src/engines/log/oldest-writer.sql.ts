import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/**
 * For how long the oldest transaction that has written anything has been running, in any database of the server: nobody
 * who follows a log comes past it. 0 when there is none. Needs the right to see others' activity, or to be them.
 */
export async function oldestWriterSeconds(db: Db): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    select coalesce(extract(epoch from clock_timestamp() - min(since)), 0)::float8 as seconds from (
      select xact_start as since from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
      union all select prepared from pg_prepared_xacts
    ) writers`.execute(db)
  return Math.max(0, rows[0]?.seconds ?? 0)
}
