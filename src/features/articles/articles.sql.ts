import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface ArticleRow {
  id: ArticleId
  title: string
  html: string
  author_id: ReaderId
  channel_id: ChannelId
  published_at: Date
}

/** Those that are published. */
export async function findArticles(db: Db, ids: ArticleId[]): Promise<ArticleRow[]> {
  return db
    .selectFrom('article')
    .innerJoin('article_content', 'article_content.article_id', 'article.id')
    .select(['article.id', 'title', 'html', 'author_id', 'channel_id', 'published_at'])
    .where(sql<boolean>`article.id = any(${ids}::bigint[])`)
    .where('status', '=', 2)
    .execute()
}

/** What a reader has done with an article, and whether they follow its author. */
export interface ViewerState {
  followed: boolean
  attitude: number | null
  collected: boolean
}

export async function findViewerState(db: Db, id: ArticleId, authorId: ReaderId, reader: ReaderId): Promise<ViewerState> {
  const { rows } = await sql<ViewerState>`
    select exists (select from following where reader_id = ${reader} and creator_id = ${authorId}) as followed,
           (select value from attitude where reader_id = ${reader} and article_id = ${id}) as attitude,
           exists (select from collection where reader_id = ${reader} and article_id = ${id}) as collected`.execute(db)
  return rows[0] as ViewerState
}

/** Others worth reading after this one: the newest of its channel, those that share a keyword with it first. */
export async function relatedIdsOf(db: Db, ids: ArticleId[], most: number): Promise<Map<ArticleId, ArticleId[]>> {
  const { rows } = await sql<{ id: ArticleId; beside: ArticleId[] }>`
    select this.id, array(
             select near.id from (
               select near.id, near.published_at, near.keywords && this.keywords as alike
                 from article near where near.channel_id = this.channel_id and near.id <> this.id and near.status = 2
                order by near.published_at desc limit 200
             ) near order by alike desc, published_at desc limit ${most}) as beside
      from article this where this.id = any(${ids}::bigint[])`.execute(db)
  return new Map(rows.map(({ id, beside }) => [id, beside]))
}

export async function titlesOf(db: Db, ids: ArticleId[]): Promise<Map<ArticleId, string>> {
  const rows = await db
    .selectFrom('article')
    .select(['id', 'title'])
    .where(sql<boolean>`id = any(${ids}::bigint[])`)
    .where('status', '=', 2)
    .execute()
  return new Map(rows.map(({ id, title }) => [id, title]))
}
