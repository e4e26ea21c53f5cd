import { sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

// Bound the work on a busy day, when the newest of it are enough to know what is popular.
const CLICKS_MAX = 50_000
const COMMENTS_MAX = 20_000

/** By the number of viewers who opened an article in the last day. A device or reader counts once; anonymous opens count each. */
export async function listHotIds(db: Db, limit: number): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select article_id as id
      from (select article_id, coalesce(viewer, id::text) as viewer from behaviour
             where action = 'click' and at > now() - interval '1 day' order by at desc limit ${CLICKS_MAX}) opened
     group by article_id order by count(distinct viewer) desc, article_id desc limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}

/** By the number of readers who commented on an article in the last day. */
export async function listDiscussedIds(db: Db, limit: number): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select article_id as id
      from (select article_id, author_id, created_at from comment where status = 1 order by id desc limit ${COMMENTS_MAX}) newest
     where created_at > now() - interval '1 day'
     group by article_id order by count(distinct author_id) desc, count(*) desc, article_id desc limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}
