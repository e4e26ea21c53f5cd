import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface Account {
  id: ReaderId
  name: string
  photo: string | null
  frozen: boolean
  is_verified: boolean
}

/**
 * The reader with this mobile number. If there is none, registers one with the id and name of `newReader`; undefined if that
 * name is taken.
 */
export async function signInByMobile(db: Db, mobile: string, newReader: { id: ReaderId; name: string }): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    with existing as (update reader set last_login_at = now() where mobile = ${mobile} returning *),
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

export function findAccountByMobile(db: Db, mobile: string): Promise<Account | undefined> {
  return db.selectFrom('reader').select(['id', 'name', 'photo', 'frozen', 'is_verified']).where('mobile', '=', mobile).executeTakeFirst()
}

/** Deletes up to `limit` sessions and `limit` codes that expired more than a day ago; returns how many. */
export async function deleteExpiredSessionsAndCodes(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with sessions as (
      delete from session where id in (select id from session where expires_at < now() - interval '1 day' limit ${limit}) returning 1
    ), codes as (
      delete from sms_code where (mobile, purpose) in (
        select mobile, purpose from sms_code where expires_at < now() - interval '1 day' limit ${limit}) returning 1
    ) select (select count(*) from sessions)::int + (select count(*) from codes)::int as deleted`.execute(db)
  return rows[0]?.deleted ?? 0
}
