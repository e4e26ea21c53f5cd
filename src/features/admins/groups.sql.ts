import { sql } from 'kysely'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'
import type { AdminPage } from '../../http/admin-lists.ts'

export interface Group {
  group_id: number
  name: string
  remark: string
  enabled: boolean
  has_all: boolean
  /** How many it has. */
  administrators: number
}

const COLUMNS = sql`
  id as group_id, name, remark, enabled, has_all,
  (select count(*)::int from administrator where group_id = administrator_group.id) as administrators`

export async function listGroups(db: Db, keyword: string | undefined, { offset, limit, newestFirst }: AdminPage): Promise<ListPage<Group>> {
  const like = keyword === undefined ? null : likeAnywhere(keyword)
  const matches = sql`(${like}::text is null or name ilike ${like})`
  return readListPage(db, {
    total: sql`select count(*)::int as total from administrator_group where ${matches}`,
    rows: sql<Group>`
      select ${COLUMNS} from administrator_group where ${matches}
       order by id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

/** In a transaction, other changes of the group wait until its end. */
export async function findGroup(db: Db | Tx, id: number, { lock = false } = {}): Promise<Group | undefined> {
  const { rows } = await sql<Group>`
    select ${COLUMNS} from administrator_group where id = ${id} ${lock ? sql`for update` : sql``}`.execute(db)
  return rows[0]
}

/** Keeps the group until the end of the transaction. False if there is none. */
export async function keepGroup(tx: Tx, id: number): Promise<boolean> {
  const { rows } = await sql`select from administrator_group where id = ${id} for key share`.execute(tx)
  return rows.length > 0
}

/** Undefined if the name is taken. */
export async function insertGroup(
  tx: Tx,
  { name, remark, enabled }: Pick<Group, 'name' | 'remark' | 'enabled'>,
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into administrator_group (name, remark, enabled) values (${name}, ${remark}, ${enabled}) on conflict (name) do nothing returning id`.execute(
    tx,
  )
  return rows[0]?.id
}

/** 'taken' if another group has the name; the transaction is then over. */
export async function updateGroup(tx: Tx, { group_id, name, remark, enabled }: Group): Promise<'changed' | 'taken'> {
  return writeUnique(async () => {
    await sql`update administrator_group set name = ${name}, remark = ${remark}, enabled = ${enabled} where id = ${group_id}`.execute(tx)
    return 'changed'
  })
}

/** False if the group has administrators; then it stays. */
export async function deleteGroup(tx: Tx, id: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from administrator_group where id = ${id} and not exists (select from administrator where group_id = ${id})`.execute(tx)
  return numAffectedRows === 1n
}
