import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { CHINESE_CHARACTER } from '../../base/language.ts'
import type { Db } from '../../engines/database/database.ts'
import { unseen } from '../../engines/database/unseen.ts'
import { visibleTo } from '../../engines/database/visible.sql.ts'

export interface ArticleRow {
  id: ArticleId
  title: string
  html: string
  author_id: ReaderId
  channel_id: ChannelId
  published_at: Date
}

/** Published articles only. */
export async function findArticles(db: Db, ids: ArticleId[]): Promise<ArticleRow[]> {
  return db
    .selectFrom('published_article as article')
    .innerJoin('article_content', 'article_content.article_id', 'article.id')
    .select(['article.id', 'title', 'html', 'author_id', 'channel_id', 'published_at'])
    .where(sql<boolean>`article.id = any(${unseen(ids, 'bigint[]')}::bigint[])`)
    .execute()
}

/** What one reader has done with an article, whether they follow its author, and which of its related articles they may be offered. */
export interface ViewerState {
  followed: boolean
  attitude: number | null
  collected: boolean
  relatedIds: ArticleId[]
}

export async function findViewerState(
  db: Db,
  { id, authorId, relatedIds, reader }: { id: ArticleId; authorId: ReaderId; relatedIds: ArticleId[]; reader: ReaderId },
): Promise<ViewerState> {
  const { rows } = await sql<ViewerState>`
    select exists (select from following where reader_id = ${reader} and creator_id = ${authorId}) as followed,
           (select value from attitude where reader_id = ${reader} and article_id = ${id}) as attitude,
           exists (select from collection where reader_id = ${reader} and article_id = ${id}) as collected,
           array(select id from ${visibleTo(reader)} article where id = any(${relatedIds}::bigint[])) as "relatedIds"`.execute(db)
  return rows[0] as ViewerState
}

// The newest articles of a channel that are compared for shared keywords.
const CANDIDATES_MAX = 200

const isChinese = (article: string) => sql<boolean>`${sql.ref(`${article}.title`)} ~ ${sql.lit(CHINESE_CHARACTER)}`

/**
 * Up to `limit` articles that `reader` may be offered, in the article's language: first what its readers read, as was trained last, then
 * those of the same channel that share a keyword, then its newest. Behind them those of the channel in the other language.
 */
export async function relatedIdsOf(
  db: Db,
  ids: ArticleId[],
  { limit, reader }: { limit: number; reader?: ReaderId },
): Promise<Map<ArticleId, ArticleId[]>> {
  const { rows } = await sql<{ id: ArticleId; read: ArticleId[]; related: ArticleId[] }>`
    select article.id, array(
             select other.id from related_article, unnest(related_ids) with ordinality near (id, place) join ${visibleTo(reader)} other using (id)
              where related_article.article_id = article.id and ${isChinese('other')} = ${isChinese('article')}
              order by near.place limit ${limit}) as read,
           array(
             select candidate.id from (
               select other.id, other.published_at, other.keywords && article.keywords as shares_keyword,
                      ${isChinese('other')} = ${isChinese('article')} as is_own_language
                 from ${visibleTo(reader)} other where other.channel_id = article.channel_id and other.id <> article.id
                order by other.published_at desc limit ${CANDIDATES_MAX}
             ) candidate order by is_own_language desc, shares_keyword desc, published_at desc limit ${limit}) as related
      from published_article article where article.id = any(${unseen(ids, 'bigint[]')}::bigint[])`.execute(db)
  return new Map(rows.map(({ id, read, related }) => [id, [...new Set([...read, ...related])].slice(0, limit)]))
}

/** The titles of published articles. */
export async function titlesOf(db: Db, ids: ArticleId[]): Promise<Map<ArticleId, string>> {
  const rows = await db
    .selectFrom('published_article')
    .select(['id', 'title'])
    .where(sql<boolean>`id = any(${unseen(ids, 'bigint[]')}::bigint[])`)
    .execute()
  return new Map(rows.map(({ id, title }) => [id, title]))
}
