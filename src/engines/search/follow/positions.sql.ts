// How far each slot of each index has followed the change log.

import { sql } from 'kysely'
import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import type { LogPosition, Position } from '../../log/log-rows.sql.ts'
import type { Place, SearchEngine } from '../search.ts'

type Name = SearchEngine['name']

const isPlace = (place: Place) => (place === 'live' ? sql`live` : sql`not live`)

/** Undefined: this slot holds nothing from which it could go on. */
export async function readPosition(db: Db, engine: Name, place: Place): Promise<LogPosition | undefined> {
  const { rows } = await sql<LogPosition>`
    select xid::text as xid, seq, incarnation from search_index where engine = ${engine} and ${isPlace(place)} and xid is not null`.execute(
    db,
  )
  return rows[0]
}

/** Only from where it was read: another worker may have come further meanwhile. */
export async function advancePosition(db: Db, engine: Name, place: Place, from: Position, to: Position): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update search_index set xid = ${to.xid}::xid8, seq = ${to.seq}
     where engine = ${engine} and ${isPlace(place)} and xid = ${from.xid}::xid8 and seq = ${from.seq}`.execute(db)
  return numAffectedRows === 1n
}

export interface Copying {
  copiedId: ArticleId
  copied: number
  total: number
}

/** A copy under way aside, with the position from which the log has to be read after it. */
export async function readCopying(db: Db, engine: Name): Promise<(Copying & LogPosition) | undefined> {
  const { rows } = await sql<Copying & LogPosition>`
    select copied_id as "copiedId", copied, total, xid::text as xid, seq, incarnation from search_index
     where engine = ${engine} and not live and copied_id is not null and xid is not null`.execute(db)
  return rows[0]
}

export async function beginCopying(db: Db, engine: Name, { xid, seq, incarnation }: LogPosition, total: number): Promise<void> {
  await sql`
    update search_index set xid = ${xid}::xid8, seq = ${seq}, incarnation = ${incarnation}, copied_id = 0, copied = 0, total = ${total}, started_at = now()
     where engine = ${engine} and not live`.execute(db)
}

/** What is aside is no longer to be gone on with. */
export async function discardCopy(db: Db, engine: Name): Promise<void> {
  await sql`update search_index set xid = null, copied_id = null where engine = ${engine} and not live`.execute(db)
}

export async function noteCopied(db: Db, engine: Name, last: ArticleId, many: number): Promise<void> {
  await sql`update search_index set copied_id = ${last}, copied = copied + ${many} where engine = ${engine} and not live`.execute(db)
}

export async function endCopying(db: Db, engine: Name): Promise<void> {
  await sql`update search_index set copied_id = null where engine = ${engine} and live`.execute(db)
}

/** Forgets where the slot stood that answers, so that everything is copied anew. */
export async function forgetPosition(db: Db, engine: Name): Promise<void> {
  await sql`update search_index set xid = null where engine = ${engine} and live`.execute(db)
}
