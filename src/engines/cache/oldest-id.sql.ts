import { sql } from 'kysely'
import { SEED_ID_END } from '../../base/snowflake.ts'
import type { Db } from '../database/database.ts'

/** The smallest id in the table, seed ids excepted. */
export async function findOldestId(db: Db, table: 'article' | 'reader'): Promise<bigint | undefined> {
  const { rows } = await sql<{ id: bigint }>`select id from ${sql.table(table)} where id >= ${SEED_ID_END} order by id limit 1`.execute(db)
  return rows[0]?.id
}
