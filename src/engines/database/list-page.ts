import type { RawBuilder } from 'kysely'
import type { Db } from './database.ts'

/** A page of a list, and how many rows the whole list has. */
export interface ListPage<Row> {
  rows: Row[]
  total: number
}

/** `total` selects one number of that name. */
export async function readListPage<Row>(
  db: Db,
  { total, rows }: { total: RawBuilder<unknown>; rows: RawBuilder<Row> },
): Promise<ListPage<Row>> {
  const [counted, found] = await Promise.all([total.execute(db), rows.execute(db)])
  return { rows: found.rows, total: (counted.rows[0] as { total: number }).total }
}
