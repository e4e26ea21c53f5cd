import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface Pin {
  channelId: ChannelId
  articleId: ArticleId
  authorId: ReaderId
  title: string
  /** Milliseconds since 1970. */
  publishedAt: number
  published: boolean
}

/** Every pinned article, in the order in which each channel shows them: there are a few for each channel. */
export async function everyPin(db: Db): Promise<Pin[]> {
  const { rows } = await sql<Pin>`
    select top_article.channel_id as "channelId", article_id as "articleId", author_id as "authorId", title, status = 2 as published,
           extract(epoch from published_at)::float8 * 1000 as "publishedAt"
      from top_article join article on article.id = article_id
     order by top_article.channel_id, rank desc, pinned_at desc, article_id desc`.execute(db)
  return rows
}

/** Puts an article above those pinned before. False when there is no such published article, or the channel has `most`. */
export async function pin(db: Db, channelId: ChannelId, articleId: ArticleId, most: number): Promise<boolean> {
  const { rows } = await sql`
    insert into top_article (channel_id, article_id, rank)
    select ${channelId}, article.id, (select coalesce(max(rank), 0) + 1 from top_article where channel_id = ${channelId})
      from article where article.id = ${articleId} and status = 2
       and (select count(*) from top_article where channel_id = ${channelId} and article_id <> ${articleId}) < ${most}
    on conflict (channel_id, article_id) do update set rank = excluded.rank
    returning article_id`.execute(db)
  return rows.length > 0
}

export async function unpin(db: Db, channelId: ChannelId, articleId: ArticleId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('top_article')
    .where('channel_id', '=', channelId)
    .where('article_id', '=', articleId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function publishedIs(db: Db, id: ArticleId): Promise<boolean> {
  const { rows } = await sql`select from article where id = ${id} and status = 2`.execute(db)
  return rows.length > 0
}

export async function channelIs(db: Db, id: ChannelId): Promise<boolean> {
  const { rows } = await sql`select from channel where id = ${id}`.execute(db)
  return rows.length > 0
}

/** Which of these a reader wants nothing of, or whose author they block. */
export async function unwanted(db: Db, readerId: ReaderId, ids: ArticleId[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`
    select article.id from article
     where article.id = any(${ids}::bigint[]) and (
       exists (select from attitude where reader_id = ${readerId} and article_id = article.id and value = 0)
       or exists (select from blocking where reader_id = ${readerId} and blocked_id = author_id))`.execute(db)
  return new Set(rows.map(row => row.id))
}
