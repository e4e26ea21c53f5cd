import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { OffsetLimit } from '../../http/paging.ts'
import { IS_BANNED } from './files.sql.ts'

export interface Material {
  id: number
  name: string
  collected: boolean
}

/** One page, collected ones first, then the newest; and how many there are in all. */
export async function listMaterials(
  db: Db,
  reader: ReaderId,
  { onlyCollected, offset, limit }: OffsetLimit & { onlyCollected: boolean },
): Promise<ListPage<Material>> {
  const own = sql`material.reader_id = ${reader} and (collected or not ${onlyCollected}) and not ${IS_BANNED}`
  return readListPage(db, {
    total: sql`select count(*)::int as total from material join stored_file on stored_file.id = file_id where ${own}`,
    rows: sql<Material>`
      select material.id, stored_file.name, collected from material join stored_file on stored_file.id = file_id where ${own}
       order by collected desc, material.id desc offset ${offset} limit ${limit}`,
  })
}

/** False if the reader has no such material. */
export async function setCollected(db: Db, reader: ReaderId, id: number, collected: boolean): Promise<boolean> {
  const { numAffectedRows } = await sql`update material set collected = ${collected} where id = ${id} and reader_id = ${reader}`.execute(db)
  return numAffectedRows === 1n
}

/** The picture itself stays as long as an article shows it. False if the reader has no such material. */
export async function deleteMaterial(db: Db, reader: ReaderId, id: number): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from material where id = ${id} and reader_id = ${reader}`.execute(db)
  return numAffectedRows === 1n
}
