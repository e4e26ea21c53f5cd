// Where a log is not the one it was.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/** Makes logs that were brought along from another server, by a dump, ones of this server. True when they were. */
export async function adoptLogs(db: Db): Promise<boolean> {
  const { rows } = await sql<{ adopted: boolean }>`select adopt_logs() as adopted`.execute(db)
  return rows[0]?.adopted === true
}

/** For whoever finds that the database was put back to an earlier state, which it does not know of itself: from now on it is another history. */
export async function startNewIncarnation(db: Db, history: string): Promise<void> {
  await sql`update counter_epoch set id = gen_random_uuid() where counter_epoch() = ${history}`.execute(db)
}
