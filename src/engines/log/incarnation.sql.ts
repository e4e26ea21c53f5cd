// The incarnation of the database: it changes whenever positions in its logs lose their meaning.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/** If a dump brought the logs from another server, they get an incarnation of this one. Returns whether that was the case. */
export async function adoptLogs(db: Db): Promise<boolean> {
  const { rows } = await sql<{ adopted: boolean }>`select adopt_logs() as adopted`.execute(db)
  return rows[0]?.adopted === true
}

/**
 * Call it when the database turns out to be restored to an earlier state, which it does not notice itself. Does nothing if
 * another process has done so since `current` was read.
 */
export async function startNewIncarnation(db: Db, current: string): Promise<void> {
  await sql`update counter_epoch set id = gen_random_uuid() where counter_epoch() = ${current}`.execute(db)
}
