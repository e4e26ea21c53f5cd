// Notices are made of events a moment later.

import { sql } from 'kysely'
import type { Db } from '../../src/engines/database/database.ts'
import { eventually } from './waiting.ts'

/** Waits until every event so far has become a notice, or none. */
export async function waitForNotices(db: Db): Promise<void> {
  await eventually(
    async () => {
      const offsets = await sql<{ xid: string }>`select xid::text as xid from log_consumer where name = 'notices'`.execute(db)
      const events =
        await sql`select from event, log_consumer c where c.name = 'notices' and (event.xid, event.seq) > (c.xid, c.seq)`.execute(db)
      const fanouts = await sql`select from notice_fanout where due_at <= now()`.execute(db)
      return offsets.rows.length === 1 && events.rows.length === 0 && fanouts.rows.length === 0
    },
    done => done,
  )
}
