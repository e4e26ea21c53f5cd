import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { OffsetLimit } from '../../http/paging.ts'

/** Which articles a list holds and by which moment they are ordered: a query of (id, at). */
export type ArticleListQuery = RawBuilder<unknown>

export const articlesByAuthor = (author: ReaderId): ArticleListQuery =>
  sql`select id, published_at as at from article where author_id = ${author} and status = 2`

export const articlesCollectedBy = (reader: ReaderId): ArticleListQuery =>
  sql`select article.id, collection.at from collection join article on article.id = article_id where reader_id = ${reader} and status = 2`

/** The newest `most` of what a reader opened: what was opened before may still wait to be trimmed. */
export const articlesReadBy = (reader: ReaderId, most: number): ArticleListQuery =>
  sql`select article.id, newest.at
        from (select article_id, at from history where reader_id = ${reader} order by at desc, article_id desc limit ${most}) newest
        join article on article.id = article_id where status = 2`

export interface ArticleListPage {
  total: number
  ids: ArticleId[]
  /** Beside each: whether the one who asks likes it. */
  liked: boolean[]
}

/** One page of a list, newest first, with the length of the whole: in one statement, so that the two agree. */
export async function loadPage(
  db: Db,
  every: ArticleListQuery,
  reader: ReaderId | null,
  { offset, limit }: OffsetLimit,
): Promise<ArticleListPage> {
  const { rows } = await sql<ArticleListPage>`
    with every_one as materialized (${every}),
    shown as (select id, at from every_one order by at desc, id desc offset ${offset} limit ${limit})
    select (select count(*)::int from every_one) as total,
           coalesce(array_agg(shown.id order by at desc, shown.id desc), '{}') as ids,
           coalesce(array_agg(attitude.value is not null order by at desc, shown.id desc), '{}') as liked
      from (select id, at from shown) shown
      left join (select article_id, value from attitude where reader_id = ${reader} and value = 1) attitude on attitude.article_id = shown.id`.execute(
    db,
  )
  return rows[0] as ArticleListPage
}
