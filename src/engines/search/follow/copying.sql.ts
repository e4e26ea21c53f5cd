// A copy of all articles under way into the slot aside, with the position from which the log has to be read after it.

import { sql } from 'kysely'
import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import type { Position } from '../../log/log-rows.sql.ts'
import type { SearchEngine } from '../search.ts'

type Name = SearchEngine['name']

export interface Copying extends Position {
  lineage: string
  /** The last article copied; how many of how many. */
  copiedId: ArticleId
  copied: number
  total: number
}

/** Undefined: there is no copy that could be gone on with. */
export async function readCopying(db: Db, engine: Name): Promise<Copying | undefined> {
  const { rows } = await sql<Copying>`
    select copied_id as "copiedId", copied, total, xid::text as xid, seq, lineage from search_index
     where engine = ${engine} and not live and copied_id is not null and lineage is not null`.execute(db)
  return rows[0]
}

export async function beginCopying(db: Db, engine: Name, { xid, seq, lineage, copiedId, copied, total }: Copying): Promise<void> {
  await sql`
    update search_index
       set xid = ${xid}::xid8, seq = ${seq}, lineage = ${lineage}, copied_id = ${copiedId}, copied = ${copied}, total = ${total}, started_at = now()
     where engine = ${engine} and not live`.execute(db)
}

export async function noteCopied(db: Db, engine: Name, last: ArticleId, many: number): Promise<void> {
  await sql`update search_index set copied_id = ${last}, copied = copied + ${many} where engine = ${engine} and not live`.execute(db)
}

export async function noteFollowed(db: Db, engine: Name, { xid, seq }: Position): Promise<void> {
  await sql`update search_index set xid = ${xid}::xid8, seq = ${seq} where engine = ${engine} and not live`.execute(db)
}

/** There is no copy any more: it is not to be gone on with, or it is the slot that answers now. */
export async function discardCopy(db: Db, engine: Name): Promise<void> {
  await sql`update search_index set xid = null, lineage = null, copied_id = null where engine = ${engine}`.execute(db)
}
