import { sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'

/** Saves a code. False, and nothing saved, if one was sent to this number less than `resendAfterSeconds` ago. */
export async function saveCode(
  db: Db,
  code: { mobile: string; purpose: string; hash: Buffer; resendAfterSeconds: number; ttlSeconds: number; attempts: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into sms_code (mobile, purpose, code_hash, expires_at, tries_left)
    values (${code.mobile}, ${code.purpose}, ${code.hash}, now() + make_interval(secs => ${code.ttlSeconds}), ${code.attempts})
    on conflict (mobile, purpose) do update
      set code_hash = excluded.code_hash, sent_at = now(), expires_at = excluded.expires_at, tries_left = excluded.tries_left
      where sms_code.sent_at <= now() - make_interval(secs => ${code.resendAfterSeconds})`.execute(db)
  return numAffectedRows === 1n
}

/** Lets the next code be sent at once, because this one may not have arrived. It stays valid. */
export async function allowResend(db: Db, mobile: string, purpose: string, hash: Buffer): Promise<void> {
  await sql`update sms_code set sent_at = '-infinity' where mobile = ${mobile} and purpose = ${purpose} and code_hash = ${hash}`.execute(db)
}

/** Uses up one attempt. Returns the hash to compare with; undefined if no code is valid or no attempt is left. */
export async function takeAttempt(db: Db, mobile: string, purpose: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ code_hash: Buffer }>`
    update sms_code set tries_left = tries_left - 1
     where mobile = ${mobile} and purpose = ${purpose} and tries_left > 0 and expires_at > now()
    returning code_hash`.execute(db)
  return rows[0]?.code_hash
}

/** Ends the validity of a code. False if a concurrent request has consumed it first. */
export async function consumeCode(db: Db, mobile: string, purpose: string, hash: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sms_code set tries_left = 0, expires_at = now()
     where mobile = ${mobile} and purpose = ${purpose} and code_hash = ${hash} and expires_at > now()`.execute(db)
  return numAffectedRows === 1n
}
