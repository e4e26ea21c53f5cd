// The row by which folding knows which deltas the shards in Redis may still need.

import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'

const NAME = 'redis'

/** From now on folding leaves the deltas that the consumer may need. */
export async function registerConsumer(db: Db): Promise<void> {
  await sql`
    insert into log_consumer (log, name, xid) values ('counter_delta', ${NAME}, pg_snapshot_xmin(pg_current_snapshot()))
    on conflict (log, name) do update set seen_at = now()`.execute(db)
}

/** Deltas below `xid` are not needed any more. It never goes back, as any process that applies may call it. */
export async function advanceConsumer(db: Db, xid: string): Promise<void> {
  await sql`
    insert into log_consumer (log, name, xid) values ('counter_delta', ${NAME}, ${xid}::xid8)
    on conflict (log, name) do update set xid = greatest(log_consumer.xid, excluded.xid), seen_at = now()`.execute(db)
}

/** Redis is not configured any more: folding need not leave any delta. */
export async function removeConsumer(db: Db): Promise<void> {
  await sql`delete from log_consumer where log = 'counter_delta' and name = ${NAME}`.execute(db)
}
