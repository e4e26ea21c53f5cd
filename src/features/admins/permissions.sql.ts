// The tree of permissions, and which group has which.

import { sql } from 'kysely'
import type { AdministratorId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { likeAnywhere } from '../../engines/database/like.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { Permission } from './groups.schema.ts'

const COLUMNS = sql`id as permission_id, name, type, coalesce(parent_id, 0) as parent_id, code, sequence`

export async function listAllPermissions(db: Db | Tx): Promise<Permission[]> {
  const { rows } = await sql<Permission>`select ${COLUMNS} from permission order by sequence, id`.execute(db)
  return rows
}

export async function listPermissions(
  db: Db,
  { parentId, type, keyword }: { parentId?: number; type?: number; keyword?: string },
  { offset, limit, newestFirst }: AdminPage,
): Promise<ListPage<Permission>> {
  const like = keyword === undefined ? null : likeAnywhere(keyword)
  const matches = sql`
    (${parentId ?? null}::int is null or coalesce(parent_id, 0) = ${parentId ?? null}) and (${type ?? null}::int is null or type = ${type ?? null})
    and (${like}::text is null or name ilike ${like} or code ilike ${like})`
  return readListPage(db, {
    total: sql`select count(*)::int as total from permission where ${matches}`,
    rows: sql<Permission>`
      select ${COLUMNS} from permission where ${matches}
       order by ${newestFirst ? sql`id desc` : sql`sequence, id`} offset ${offset} limit ${limit}`,
  })
}

export async function findPermission(db: Db | Tx, id: number): Promise<Permission | undefined> {
  const { rows } = await sql<Permission>`select ${COLUMNS} from permission where id = ${id}`.execute(db)
  return rows[0]
}

export type NewPermission = Omit<Permission, 'permission_id'>

/** 'taken' if another permission has the name or the code. */
export async function insertPermission(
  db: Db | Tx,
  { name, type, parent_id, code, sequence }: NewPermission,
): Promise<Permission | 'taken'> {
  const { rows } = await sql<Permission>`
    insert into permission (name, type, parent_id, code, sequence) values (${name}, ${type}, nullif(${parent_id}::int, 0), ${code}, ${sequence})
    on conflict do nothing returning ${COLUMNS}`.execute(db)
  return rows[0] ?? 'taken'
}

/** 'taken' as `insertPermission`; the transaction is then over. */
export async function updatePermission(
  tx: Tx,
  { permission_id, name, type, parent_id, code, sequence }: Permission,
): Promise<'changed' | 'taken'> {
  return writeUnique(async () => {
    await sql`
      update permission set name = ${name}, type = ${type}, parent_id = nullif(${parent_id}::int, 0), code = ${code}, sequence = ${sequence}
       where id = ${permission_id}`.execute(tx)
    return 'changed'
  })
}

export async function deletePermissions(tx: Tx, ids: number[]): Promise<void> {
  await sql`delete from permission where id = any(${ids}::int[])`.execute(tx)
}

/** Changes of the tree run one after another, so that none of them makes a circle. */
export async function lockPermissions(tx: Tx): Promise<void> {
  await sql`lock table permission in share row exclusive mode`.execute(tx)
}

export async function listGroupPermissionIds(db: Db | Tx, groupId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select permission_id as id from group_permission where group_id = ${groupId} order by permission_id`.execute(db)
  return rows.map(row => row.id)
}

/** The given ids become the group's permissions. Ids without a row are ignored. */
export async function replaceGroupPermissions(tx: Tx, groupId: number, ids: number[]): Promise<void> {
  await sql`
    with removed as (delete from group_permission where group_id = ${groupId} and permission_id <> all(${ids}::int[]))
    insert into group_permission (group_id, permission_id)
    select ${groupId}, id from permission where id = any(${ids}::int[]) on conflict do nothing`.execute(tx)
}

export interface Powers {
  hasAll: boolean
  codes: string[]
}

/** What the group allows, whether it is enabled or not. */
export async function readGroupPowers(db: Db | Tx, groupId: number): Promise<Powers | undefined> {
  const { rows } = await sql<Powers>`
    select has_all as "hasAll", array(select code from group_permission join permission on permission.id = permission_id
                                       where group_id = administrator_group.id and type = 1) as codes
      from administrator_group where id = ${groupId}`.execute(db)
  return rows[0]
}

export async function findGroupOf(db: Db | Tx, id: AdministratorId): Promise<number | undefined> {
  const row = await db.selectFrom('administrator').select('group_id').where('id', '=', id).executeTakeFirst()
  return row?.group_id
}
