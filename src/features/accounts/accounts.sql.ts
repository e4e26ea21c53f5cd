import { sql } from 'kysely'
import type { ReaderId, SessionId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface Account {
  id: ReaderId
  name: string
  photo: string | null
  frozen: boolean
  is_verified: boolean
}

/** The reader with this mobile number, registered now if there was none; undefined when the new one's name is taken. */
export async function signInByMobile(db: Db, mobile: string, fresh: { id: ReaderId; name: string }): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    with known as (update reader set last_login_at = now() where mobile = ${mobile} returning *),
    new as (
      insert into reader (id, mobile, name, last_login_at)
      select ${fresh.id}, ${mobile}, ${fresh.name}, now() where not exists (select from known)
      on conflict do nothing returning *
    )
    select id, name, photo, frozen, is_verified from known union all select id, name, photo, frozen, is_verified from new`.execute(db)
  return rows[0]
}

export function findAccountByMobile(db: Db, mobile: string): Promise<Account | undefined> {
  return db.selectFrom('reader').select(['id', 'name', 'photo', 'frozen', 'is_verified']).where('mobile', '=', mobile).executeTakeFirst()
}

export async function createSession(
  db: Db,
  session: { id: SessionId; readerId: ReaderId; surface: 'app' | 'studio'; seconds: number },
): Promise<void> {
  await sql`insert into session (id, reader_id, surface, expires_at)
    values (${session.id}, ${session.readerId}, ${session.surface}, now() + make_interval(secs => ${session.seconds}))`.execute(db)
}

export interface SessionState {
  live: boolean
  frozen: boolean
  /** Whether the reader may use the studio now. */
  verified: boolean
}

export async function findSessionState(db: Db, id: SessionId, readerId: ReaderId): Promise<SessionState> {
  const { rows } = await sql<SessionState>`
    select session.revoked_at is null and session.expires_at > now() as live, reader.frozen, reader.is_verified as verified
      from session join reader on reader.id = session.reader_id
     where session.id = ${id} and session.reader_id = ${readerId}`.execute(db)
  return rows[0] ?? { live: false, frozen: false, verified: false }
}

/** Notes a code, unless one went to this number less than `gapSeconds` ago: then false. */
export async function saveCode(
  db: Db,
  code: { mobile: string; purpose: string; hash: Buffer; gapSeconds: number; lifeSeconds: number; tries: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into sms_code (mobile, purpose, code_hash, expires_at, tries_left)
    values (${code.mobile}, ${code.purpose}, ${code.hash}, now() + make_interval(secs => ${code.lifeSeconds}), ${code.tries})
    on conflict (mobile, purpose) do update
      set code_hash = excluded.code_hash, sent_at = now(), expires_at = excluded.expires_at, tries_left = excluded.tries_left
      where sms_code.sent_at <= now() - make_interval(secs => ${code.gapSeconds})`.execute(db)
  return numAffectedRows === 1n
}

/** A code that may never have arrived does not count as sent: another may follow at once, though this one stays valid. */
export async function allowResend(db: Db, mobile: string, purpose: string, hash: Buffer): Promise<void> {
  await sql`update sms_code set sent_at = '-infinity' where mobile = ${mobile} and purpose = ${purpose} and code_hash = ${hash}`.execute(db)
}

/** Takes one try; returns the hash to compare with, or undefined when there is no live code or no try left. */
export async function takeAttempt(db: Db, mobile: string, purpose: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ code_hash: Buffer }>`
    update sms_code set tries_left = tries_left - 1
     where mobile = ${mobile} and purpose = ${purpose} and tries_left > 0 and expires_at > now()
    returning code_hash`.execute(db)
  return rows[0]?.code_hash
}

/** Uses a code up; false when somebody else did so first. */
export async function consumeCode(db: Db, mobile: string, purpose: string, hash: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sms_code set tries_left = 0, expires_at = now()
     where mobile = ${mobile} and purpose = ${purpose} and code_hash = ${hash} and expires_at > now()`.execute(db)
  return numAffectedRows === 1n
}

/** Drops up to `most` sessions and codes that have been over for a day; returns how many. */
export async function deleteExpiredSessionsAndCodes(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    with sessions as (
      delete from session where id in (select id from session where expires_at < now() - interval '1 day' limit ${limit}) returning 1
    ), codes as (
      delete from sms_code where (mobile, purpose) in (
        select mobile, purpose from sms_code where expires_at < now() - interval '1 day' limit ${limit}) returning 1
    ) select (select count(*) from sessions)::int + (select count(*) from codes)::int as dropped`.execute(db)
  return rows[0]?.dropped ?? 0
}
