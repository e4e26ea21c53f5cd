// Decisions about articles.

import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { VERSION } from './writing.sql.ts'

const PUBLISHED = sql.lit(ARTICLE_STATUS.published)
const REJECTED = sql.lit(ARTICLE_STATUS.rejected)
const BANNED = sql.lit(ARTICLE_STATUS.banned)

export interface Decision {
  id: ArticleId
  action: string
  from: readonly number[]
  to: number
  reviewer: string
  reason: string | null
}

/**
 * Changes the status and records who decided. An article that is approved is dated now, or at the time its author wishes, unless
 * it has appeared already and is not scheduled anew: then it keeps its date. An appeal that waits is about an earlier decision
 * from now on, so it goes. False if the article's status is not in `from`; then nothing is written. Of two decisions at the same
 * moment one is false.
 */
export async function decide(db: Db | Tx, { id, action, from, to, reviewer, reason }: Decision): Promise<boolean> {
  const { rows } = await sql`
    with changed as (
      update article set status = ${to}, updated_at = now(), reject_reason = case when ${to} = ${REJECTED} then ${reason} end,
             published_at = case when ${to} = ${PUBLISHED} and status <> ${BANNED} and (approved_at is null or published_at > now() or publish_at > now())
                                 then greatest(now(), publish_at) else published_at end,
             approved_at = case when ${to} = ${PUBLISHED} then coalesce(approved_at, now()) else approved_at end
       where id = ${id} and status = any(${from}::smallint[]) returning id
    ), lapsed as (
      delete from appeal using changed where appeal.article_id = changed.id and appeal.status = 1
    )
    insert into article_review (article_id, reviewer, action, reason) select id, ${reviewer}, ${action}, ${reason} from changed
    returning article_id`.execute(db)
  return rows.length > 0
}

export interface WaitingArticle {
  id: ArticleId
  title: string
  author_id: ReaderId
  author: string
  updated_at: Date
  version: string
}

/** Articles in review: those that have waited longest first. */
export async function listWaiting(db: Db, limit: number): Promise<WaitingArticle[]> {
  return db
    .selectFrom('article')
    .innerJoin('reader', 'reader.id', 'author_id')
    .select(['article.id', 'title', 'author_id', 'reader.name as author', 'article.updated_at', VERSION.as('version')])
    .where(sql<boolean>`status = ${sql.lit(ARTICLE_STATUS.inReview)}`)
    .orderBy('article.updated_at')
    .limit(limit)
    .execute()
}
