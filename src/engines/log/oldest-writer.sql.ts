import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/**
 * Age of the oldest open transaction that has written anything, in any database of the server; 0 if there is none. No log
 * consumer gets past it. Sees only what the role may see: its own transactions, or all with pg_read_all_stats.
 */
export async function oldestWriterSeconds(db: Db): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    select coalesce(extract(epoch from clock_timestamp() - min(since)), 0)::float8 as seconds from (
      select xact_start as since from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
      union all select prepared from pg_prepared_xacts
    ) writers`.execute(db)
  return Math.max(0, rows[0]?.seconds ?? 0)
}
