import { sql } from 'kysely'
import type { ReaderId, SessionId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { RotationState } from './refresh-rules.ts'

export type SessionSurface = 'app' | 'studio'

/** The client that signs in, as the reader recognises it in a list. */
export interface SessionClient {
  agent: string
  address: string
}

export async function createSession(
  db: Db,
  session: { id: SessionId; readerId: ReaderId; surface: SessionSurface; seconds: number; client: SessionClient },
): Promise<void> {
  const { id, readerId, surface, seconds, client } = session
  await sql`insert into session (id, reader_id, surface, agent, address, expires_at)
    values (${id}, ${readerId}, ${surface}, ${client.agent}, ${client.address}, now() + make_interval(secs => ${seconds}))`.execute(db)
}

export interface SessionState {
  /** Neither ended nor expired. */
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

export async function findEndedSessions(db: Db, ids: SessionId[]): Promise<Set<SessionId>> {
  const { rows } = await sql<{ id: SessionId }>`
    select given.id from unnest(${ids}::bigint[]) given (id)
     where not exists (select from session join reader on reader.id = session.reader_id
                        where session.id = given.id and session.revoked_at is null and session.expires_at > now() and not reader.frozen)`.execute(
    db,
  )
  return new Set(rows.map(row => row.id))
}

/** Locks the session until the end of the transaction. */
export async function lockSession(tx: Tx, id: SessionId, readerId: ReaderId): Promise<(SessionState & RotationState) | undefined> {
  const { rows } = await sql<SessionState & RotationState>`
    select session.revoked_at is null and session.expires_at > now() as live, reader.frozen, reader.is_verified as verified,
           generation, extract(epoch from now() - rotated_at)::float8 as "secondsSinceRotation", is_confirmed, retried_generation,
           case when retries_since > now() - interval '1 day' then retries else 0 end as "retriesToday"
      from session join reader on reader.id = session.reader_id
     where session.id = ${id} and session.reader_id = ${readerId} for no key update of session`.execute(tx)
  return rows[0]
}

/** The newest refresh token was used without replacing it. */
export async function confirmRefreshToken(tx: Tx, id: SessionId): Promise<void> {
  await sql`update session set is_confirmed = true, last_used_at = now() where id = ${id}`.execute(tx)
}

/** Replaces the refresh token. The session lives `seconds` more, in all at most `secondsMax`. */
export async function rotateRefreshToken(tx: Tx, id: SessionId, { seconds, secondsMax }: { seconds: number; secondsMax: number }) {
  await sql`
    update session set generation = generation + 1, rotated_at = now(), is_confirmed = false, last_used_at = now(),
           expires_at = greatest(expires_at, least(now() + make_interval(secs => ${seconds}), created_at + make_interval(secs => ${secondsMax})))
     where id = ${id}`.execute(tx)
}

/** Counts a refresh token that was issued again. */
export async function countRetry(tx: Tx, id: SessionId): Promise<void> {
  const dayOver = sql`coalesce(retries_since <= now() - interval '1 day', true)`
  await sql`
    update session set retried_generation = generation, last_used_at = now(),
           retries = case when ${dayOver} then 1 else retries + 1 end,
           retries_since = case when ${dayOver} then now() else retries_since end
     where id = ${id}`.execute(tx)
}

export interface SessionRow {
  id: SessionId
  surface: SessionSurface
  agent: string
  address: string
  created_at: Date
  last_used_at: Date | null
}

/** The live sessions of a reader, the newest first. */
export async function listSessions(db: Db, readerId: ReaderId, limit: number): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select id, surface, agent, address, created_at, last_used_at from session
     where reader_id = ${readerId} and revoked_at is null and expires_at > now()
     order by id desc limit ${limit}`.execute(db)
  return rows
}

/** Which sessions of a reader: one, all, or all but one. */
export type SessionChoice = { only: SessionId } | { except?: SessionId }

export type EndReason = 'ended' | 'replayed'

/** Ends the live sessions among those chosen, and returns their ids. */
export async function endSessions(db: Db | Tx, readerId: ReaderId, choice: SessionChoice, reason: EndReason): Promise<SessionId[]> {
  const chosen = 'only' in choice ? sql`id = ${choice.only}` : choice.except === undefined ? sql`true` : sql`id <> ${choice.except}`
  const { rows } = await sql<{ id: SessionId }>`
    update session set revoked_at = now(), end_reason = ${reason}
     where reader_id = ${readerId} and revoked_at is null and expires_at > now() and ${chosen} returning id`.execute(db)
  return rows.map(({ id }) => id)
}

/** Deletes up to `limit` sessions that expired more than a day ago; returns how many. */
export async function deleteExpiredSessions(db: Db, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from session where id in (select id from session where expires_at < now() - interval '1 day' limit ${limit})`.execute(db)
  return Number(numAffectedRows)
}
