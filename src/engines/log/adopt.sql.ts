import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

/** Makes logs that were brought along from another server, by a dump, ones of this server. True when they were. */
export async function adoptLogs(db: Db): Promise<boolean> {
  const { rows } = await sql<{ adopted: boolean }>`select adopt_logs() as adopted`.execute(db)
  return rows[0]?.adopted === true
}
