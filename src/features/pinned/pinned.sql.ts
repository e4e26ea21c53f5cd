// Pinned articles. The table is `top_article`.

import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface Pin {
  channelId: ChannelId
  articleId: ArticleId
  authorId: ReaderId
  title: string
  /** Whether readers may see it. */
  published: boolean
}

// An editor may pin an article before it appears, so these queries read the status instead of `published_article`.
const PUBLISHED = sql.lit(ARTICLE_STATUS.published)

/** The pins of all channels, each channel's in the order shown. */
export async function listPins(db: Db): Promise<Pin[]> {
  const { rows } = await sql<Pin>`
    select top_article.channel_id as "channelId", article_id as "articleId", author_id as "authorId", title,
           exists (select from published_article where id = article_id) as published
      from top_article join article on article.id = article_id
     order by top_article.channel_id, rank desc, pinned_at desc, article_id desc`.execute(db)
  return rows
}

/** Pins an article above the channel's earlier pins. False if it is not published, or if the channel has `limit` others. */
export async function insertPin(db: Db, channelId: ChannelId, articleId: ArticleId, limit: number): Promise<boolean> {
  const { rows } = await sql`
    insert into top_article (channel_id, article_id, rank)
    select ${channelId}, article.id, (select coalesce(max(rank), 0) + 1 from top_article where channel_id = ${channelId})
      from article where article.id = ${articleId} and status = ${PUBLISHED}
       and (select count(*) from top_article where channel_id = ${channelId} and article_id <> ${articleId}) < ${limit}
    on conflict (channel_id, article_id) do update set rank = excluded.rank
    returning article_id`.execute(db)
  return rows.length > 0
}

/** False if the article is not pinned there. */
export async function deletePin(db: Db, channelId: ChannelId, articleId: ArticleId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('top_article')
    .where('channel_id', '=', channelId)
    .where('article_id', '=', articleId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** True for an article that is dated in the future, too. */
export async function isPinnable(db: Db, id: ArticleId): Promise<boolean> {
  const { rows } = await sql`select from article where id = ${id} and status = ${PUBLISHED}`.execute(db)
  return rows.length > 0
}

export async function isChannel(db: Db, id: ChannelId): Promise<boolean> {
  const { rows } = await sql`select from channel where id = ${id}`.execute(db)
  return rows.length > 0
}
