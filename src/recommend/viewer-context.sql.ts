import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'
import { blockedAuthorIds, dislikedArticleIds } from '../engines/database/visible.sql.ts'

export interface InterestsRow {
  followedIds: ReaderId[]
  /** The newest first. */
  clickedIds: ArticleId[]
  /** Milliseconds since 1970, in the order of clickedIds. */
  clickedAt: number[]
  dislikedIds: ArticleId[]
  blockedIds: ReaderId[]
}

/** `readerId` is undefined for a device, which has clicks only. */
export async function findInterests(
  db: Db,
  viewerKey: string,
  readerId: ReaderId | undefined,
  { days, limit }: { days: number; limit: number },
): Promise<InterestsRow> {
  const { rows } = await sql<InterestsRow>`
    with recent as materialized (
      select article_id, max(at) as at from behaviour
       where viewer = ${viewerKey} and action in ('click', 'search') and at > now() - make_interval(days => ${days})
       group by article_id order by max(at) desc limit ${limit}
    )
    select
      array(select creator_id from following where reader_id = ${readerId ?? null} order by at desc limit 1000) as "followedIds",
      array(select article_id from recent) as "clickedIds",
      array(select extract(epoch from at)::float8 * 1000 from recent) as "clickedAt",
      array(${dislikedArticleIds(readerId)}) as "dislikedIds",
      array(${blockedAuthorIds(readerId)}) as "blockedIds"`.execute(db)
  return rows[0] as InterestsRow
}

export async function isReader(db: Db, id: bigint): Promise<boolean> {
  const { rows } = await sql`select from reader where id = ${id}`.execute(db)
  return rows.length > 0
}
