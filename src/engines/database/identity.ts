import { sql } from 'kysely'
import type { Db } from './database.ts'

/** Another text for another database: what was remembered of one says nothing about one put in its place. */
export async function databaseIdentity(db: Db): Promise<string> {
  // As copies of the counts name it: another after a restore, too.
  const { rows } = await sql<{ identity: string }>`select counter_epoch() as identity`.execute(db)
  return (rows[0] as { identity: string }).identity
}
