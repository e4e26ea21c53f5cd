// The answers to requests with an Idempotency-Key, so that a repeated request gets the first one's answer.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

export interface StoredAnswer {
  status: number
  body: string
}

export interface IdempotentRequest {
  /** A hash of the sender and their key. */
  key: Buffer
  /** A hash of what is asked. */
  fingerprint: Buffer
}

export const ANSWER_HOURS = 24 // clients repeat for minutes; a phone may have been off overnight
/** A request that has not ended by then was lost with its process. The server answers each within 60 s. */
const LOST_AFTER_SECONDS = 90

/**
 * Claims the key. `started`: the caller carries the request out. `busy`: another request with this key is under way. `other`: the
 * key was used for something else.
 */
export async function startRequest(db: Db, { key, fingerprint }: IdempotentRequest): Promise<'started' | 'busy' | 'other' | StoredAnswer> {
  const { numAffectedRows } = await sql`
    insert into idempotent_request as old (key, fingerprint) values (${key}, ${fingerprint})
    on conflict (key) do update set fingerprint = excluded.fingerprint, started_at = now(), status = null, body = null
     where old.started_at < now() - make_interval(hours => ${ANSWER_HOURS})
        or (old.status is null and old.started_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS}))`.execute(db)
  if (numAffectedRows === 1n) return 'started'
  const { rows } = await sql<{ same: boolean; status: number | null; body: string | null }>`
    select fingerprint = ${fingerprint} as same, status, body from idempotent_request where key = ${key}`.execute(db)
  const [row] = rows
  if (row && !row.same) return 'other'
  if (!row || row.status === null) return 'busy' // without a row, the other request has just failed
  return { status: row.status, body: row.body ?? '' }
}

export async function storeAnswer(db: Db, key: Buffer, { status, body }: StoredAnswer): Promise<void> {
  await sql`update idempotent_request set status = ${status}, body = ${body} where key = ${key}`.execute(db)
}

/** The request changed nothing: it may be tried again. */
export async function forgetRequest(db: Db, key: Buffer): Promise<void> {
  await sql`delete from idempotent_request where key = ${key} and status is null`.execute(db)
}

/** Deletes up to `limit` rows; returns how many. */
export async function deleteOldAnswers(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from idempotent_request where key in (
      select key from idempotent_request where started_at < now() - make_interval(hours => ${ANSWER_HOURS}) limit ${limit})`.execute(db)
  return Number(numAffectedRows)
}
