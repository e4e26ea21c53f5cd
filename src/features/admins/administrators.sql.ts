// The administrators, as others of them manage them.

import { sql } from 'kysely'
import type { AdministratorId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'
import type { AdminPage } from '../../http/admin-lists.ts'

export interface AdministratorRow {
  id: AdministratorId
  account: string
  email: string | null
  mobile: string | null
  name: string
  group_id: number
  group_name: string
  access_count: number
  frozen: boolean
  last_login_at: Date | null
  password_hash: string
  /** Nobody else who may do everything can sign in. */
  is_last: boolean
}

const COLUMNS = sql`
  administrator.id, account, email, mobile, administrator.name, group_id, administrator_group.name as group_name, access_count, frozen,
  last_login_at, password_hash,
  has_all and not frozen and not exists (
    select from administrator other join administrator_group other_group on other_group.id = other.group_id
     where other_group.has_all and not other.frozen and other.id <> administrator.id) as is_last`

export async function listAdministrators(
  db: Db,
  { keyword, frozen }: { keyword?: string; frozen?: boolean },
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<AdministratorRow>> {
  const like = keyword === undefined ? null : likeAnywhere(keyword)
  const matches = sql`
    (${like}::text is null or account ilike ${like} or administrator.name ilike ${like})
    and (${frozen ?? null}::boolean is null or frozen = ${frozen ?? null})`
  return readListPage(db, {
    total: sql`select count(*)::int as total from administrator where ${matches}`,
    rows: sql<AdministratorRow>`
      select ${COLUMNS} from administrator join administrator_group on administrator_group.id = group_id where ${matches}
       order by administrator.id ${newestFirst ? sql`desc` : sql`asc`} offset ${offset} limit ${limit}`,
  })
}

/** In the order of their ids. `lock`: other changes of them wait until the end of the transaction. */
export async function administratorsOf(db: Db | Tx, ids: AdministratorId[], { lock = false } = {}): Promise<AdministratorRow[]> {
  const { rows } = await sql<AdministratorRow>`
    select ${COLUMNS} from administrator join administrator_group on administrator_group.id = group_id
     where administrator.id = any(${ids}::bigint[]) order by administrator.id ${lock ? sql`for update of administrator` : sql``}`.execute(
    db,
  )
  return rows
}

/** 'taken' if another administrator has the account; the transaction is then over. */
export async function updateAdministrator(tx: Tx, row: AdministratorRow): Promise<'changed' | 'taken'> {
  return writeUnique(async () => {
    await sql`
      update administrator set account = ${row.account}, name = ${row.name}, email = ${row.email}, mobile = ${row.mobile}, group_id = ${row.group_id},
             frozen = ${row.frozen}, password_hash = ${row.password_hash} where id = ${row.id}`.execute(tx)
    return 'changed'
  })
}

export async function deleteAdministrators(tx: Tx, ids: AdministratorId[]): Promise<void> {
  await sql`delete from administrator where id = any(${ids}::bigint[])`.execute(tx)
}

/** Whether an administrator who may do everything can still sign in. Others who change that wait until the end of the transaction. */
export async function isAdministered(tx: Tx): Promise<boolean> {
  await sql`select from administrator_group where has_all for no key update`.execute(tx)
  const { rows } = await sql`
    select from administrator join administrator_group on administrator_group.id = group_id where has_all and not frozen limit 1`.execute(
    tx,
  )
  return rows.length > 0
}
