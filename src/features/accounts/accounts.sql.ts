import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'

export interface Account {
  id: ReaderId
  name: string
  photo: string | null
  frozen: boolean
  is_verified: boolean
}

/**
 * The reader with this mobile number, whose account is then not deleted (features/personal-data). If there is none, registers one
 * with the id and name of `newReader`; undefined if that name is taken.
 */
export async function signInByMobile(db: Db, mobile: string, newReader: { id: ReaderId; name: string }): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    with existing as (update reader set last_login_at = now(),
                        deletion_due_at = case when frozen then deletion_due_at end
                  where mobile = ${mobile} returning *),
    created as (
      insert into reader (id, mobile, name, last_login_at)
      select ${newReader.id}, ${mobile}, ${newReader.name}, now() where not exists (select from existing)
      on conflict do nothing returning *
    )
    select id, name, photo, frozen, is_verified from existing union all select id, name, photo, frozen, is_verified from created`.execute(
    db,
  )
  return rows[0]
}

/** The account with this mobile number. That of a creator who may use the studio is then not deleted either. */
export async function signInCreatorByMobile(db: Db, mobile: string): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    update reader set last_login_at = now(), deletion_due_at = case when frozen or not is_verified then deletion_due_at end
    where mobile = ${mobile} returning id, name, photo, frozen, is_verified`.execute(db)
  return rows[0]
}

export async function findMobile(db: Db, id: ReaderId): Promise<string | undefined> {
  const row = await db.selectFrom('reader').select('mobile').where('id', '=', id).executeTakeFirst()
  return row?.mobile ?? undefined
}

/** The change log tells every process. */
export async function setFrozen(tx: Tx, id: ReaderId, frozen: boolean): Promise<void> {
  await tx.updateTable('reader').set({ frozen }).where('id', '=', id).execute()
}

/** 'taken' if another account has the number. */
export async function updateMobile(db: Db | Tx, id: ReaderId, mobile: string): Promise<'changed' | 'taken' | 'missing'> {
  return writeUnique(async () => {
    const { numUpdatedRows } = await db
      .updateTable('reader')
      .set({ mobile })
      .where('id', '=', id)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    return numUpdatedRows === 1n ? 'changed' : 'missing'
  })
}
