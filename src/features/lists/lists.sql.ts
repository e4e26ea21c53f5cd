import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { OffsetLimit } from '../../http/paging.ts'

/** A query of (id, at): the articles of a list, and the time by which they are ordered. */
export type ArticleListQuery = RawBuilder<unknown>

export const articlesByAuthor = (author: ReaderId): ArticleListQuery =>
  sql`select id, published_at as at from published_article where author_id = ${author}`

export const articlesCollectedBy = (reader: ReaderId): ArticleListQuery =>
  sql`select article.id, collection.at from collection join published_article article on article.id = article_id where reader_id = ${reader}`

export const articlesDislikedBy = (reader: ReaderId): ArticleListQuery =>
  sql`select article.id, attitude.at from attitude join published_article article on article.id = article_id
       where reader_id = ${reader} and value = 0`

/** The newest `limit` articles a reader opened. Older rows may not have been trimmed yet. */
export const articlesReadBy = (reader: ReaderId, limit: number): ArticleListQuery =>
  sql`select article.id, newest.at
        from (select article_id, at from history where reader_id = ${reader} order by at desc, article_id desc limit ${limit}) newest
        join published_article article on article.id = article_id`

/** The newest `limit` of each, also those that are not shown at present. */
export async function findMarks(db: Db, reader: ReaderId, limit: number): Promise<Record<'collected' | 'liked', ArticleId[]>> {
  const newest = (rows: RawBuilder<unknown>) =>
    sql<ArticleId[]>`array(select article_id from ${rows} order by at desc, article_id desc limit ${limit})`
  const row = await db
    .selectNoFrom([
      newest(sql`collection where reader_id = ${reader}`).as('collected'),
      newest(sql`attitude where reader_id = ${reader} and value = 1`).as('liked'),
    ])
    .executeTakeFirstOrThrow()
  return row
}

export interface ArticleListPage {
  total: number
  ids: ArticleId[]
  /** For each id, whether the viewer likes the article. */
  liked: boolean[]
}

/** One page, newest first, and the length of the whole list. One statement reads both, so that they agree. */
export async function loadPage(
  db: Db,
  list: ArticleListQuery,
  viewer: ReaderId | null,
  { offset, limit }: OffsetLimit,
): Promise<ArticleListPage> {
  const { rows } = await sql<ArticleListPage>`
    with list as materialized (${list}),
    page as (select id, at from list order by at desc, id desc offset ${offset} limit ${limit})
    select (select count(*)::int from list) as total,
           coalesce(array_agg(page.id order by at desc, page.id desc), '{}') as ids,
           coalesce(array_agg(attitude.value is not null order by at desc, page.id desc), '{}') as liked
      from page
      left join (select article_id, value from attitude where reader_id = ${viewer} and value = 1) attitude on attitude.article_id = page.id`.execute(
    db,
  )
  return rows[0] as ArticleListPage
}
