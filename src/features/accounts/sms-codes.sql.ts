import { sql } from 'kysely'
import type { Db, Tx } from '../../engines/database/database.ts'

export interface NewCode {
  mobile: string
  purpose: string
  hash: Buffer
  ttlSeconds: number
  attempts: number
  resendAfterSeconds: number
  perHour: number
}

/**
 * Saves a code. Returns in how many seconds it may be asked for again, and has saved nothing, if one was sent to this number
 * for this purpose less than `resendAfterSeconds` ago, or `perHour` of all purposes within an hour. Otherwise returns 0.
 */
export async function saveCode(db: Db, code: NewCode): Promise<number> {
  const { mobile, purpose, hash, ttlSeconds, attempts, resendAfterSeconds, perHour } = code
  const hourOver = sql`sms_number.since <= now() - interval '1 hour'`
  const { rows } = await sql<{ saved: boolean; wait: number }>`
    with recent as (
      select ceil(extract(epoch from sent_at + make_interval(secs => ${resendAfterSeconds}) - now()))::int as wait from sms_code
       where mobile = ${mobile} and purpose = ${purpose} and sent_at > now() - make_interval(secs => ${resendAfterSeconds})
    ), quota as (
      insert into sms_number (mobile) select ${mobile}::text where not exists (select from recent)
      on conflict (mobile) do update
        set sent = case when ${hourOver} then 1 else sms_number.sent + 1 end, since = case when ${hourOver} then now() else sms_number.since end
        where ${hourOver} or sms_number.sent < ${perHour}
      returning 1
    ), saved as (
      insert into sms_code (mobile, purpose, code_hash, expires_at, tries_left)
      select ${mobile}, ${purpose}, ${hash}, now() + make_interval(secs => ${ttlSeconds}), ${attempts} from quota
      on conflict (mobile, purpose) do update
        set code_hash = excluded.code_hash, sent_at = now(), expires_at = excluded.expires_at, tries_left = excluded.tries_left
        where sms_code.sent_at <= now() - make_interval(secs => ${resendAfterSeconds})
      returning 1
    )
    select exists (select from saved) as saved,
           coalesce((select wait from recent),
                    (select ceil(extract(epoch from since + interval '1 hour' - now()))::int from sms_number where mobile = ${mobile}), 1) as wait`.execute(
    db,
  )
  const { saved = false, wait = 1 } = rows[0] ?? {}
  // A request that lost against one at the same moment finds the other's code: it waits the whole time.
  return saved ? 0 : Math.max(1, Math.min(wait, 3_600))
}

/** Lets the next code be sent at once, because this one may not have arrived. It stays valid. */
export async function allowResend(db: Db, mobile: string, purpose: string, hash: Buffer): Promise<void> {
  await sql`
    with again as (
      update sms_code set sent_at = '-infinity' where mobile = ${mobile} and purpose = ${purpose} and code_hash = ${hash} returning 1
    )
    update sms_number set sent = greatest(0, sent - 1) where mobile = ${mobile} and exists (select from again)`.execute(db)
}

/** Counts a message of today's budget. Returns how many were sent today, this one included; undefined if `limit` is reached. */
export async function takeFromBudget(db: Db, limit: number): Promise<number | undefined> {
  const { rows } = await sql<{ sent: number }>`
    insert into sms_day (day, sent) select current_date, 1 where ${limit} > 0
    on conflict (day) do update set sent = sms_day.sent + 1 where sms_day.sent < ${limit} returning sent`.execute(db)
  return rows[0]?.sent
}

/** Uses up one attempt. Returns the hash to compare with; undefined if no code is valid or no attempt is left. */
export async function takeAttempt(db: Db, mobile: string, purpose: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ code_hash: Buffer }>`
    update sms_code set tries_left = tries_left - 1
     where mobile = ${mobile} and purpose = ${purpose} and tries_left > 0 and expires_at > now()
    returning code_hash`.execute(db)
  return rows[0]?.code_hash
}

/**
 * Ends the validity of a code. False if a concurrent request has consumed it first. Its end is set to when it was sent: a
 * request that began earlier and waited here for the row would find `now()` of the first one to be in its future.
 */
export async function consumeCode(db: Db | Tx, mobile: string, purpose: string, hash: Buffer): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sms_code set tries_left = 0, expires_at = least(expires_at, sent_at)
     where mobile = ${mobile} and purpose = ${purpose} and code_hash = ${hash} and expires_at > now()`.execute(db)
  return numAffectedRows === 1n
}

/** Deletes up to `limit` of each: codes that expired more than a day ago, and what was counted before that. */
export async function deleteOldCodes(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with codes as (
      delete from sms_code where (mobile, purpose) in (
        select mobile, purpose from sms_code where expires_at < now() - interval '1 day' limit ${limit}) returning 1
    ), numbers as (
      delete from sms_number where mobile in (select mobile from sms_number where since < now() - interval '1 day' limit ${limit}) returning 1
    ), days as (delete from sms_day where day < current_date - 30 returning 1)
    select (select count(*) from codes)::int + (select count(*) from numbers)::int as deleted`.execute(db)
  return rows[0]?.deleted ?? 0
}
