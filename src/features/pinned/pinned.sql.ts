// Pinned articles. The table is `top_article`.

import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

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

/** A channel's pins, in the order shown. */
export async function listPinnedIds(tx: Tx, channelId: ChannelId): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select article_id as id from top_article where channel_id = ${channelId} order by rank desc, pinned_at desc, article_id desc`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}

/** Two editors who pin above one channel wait for each other. Channel 0 has no row that could be locked. */
export async function lockPins(tx: Tx, channelId: ChannelId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('pins'), ${channelId})`.execute(tx)
}

/** Keeps the channel until the end of the transaction. False if there is none. */
export async function lockChannel(tx: Tx, id: ChannelId): Promise<boolean> {
  const { rows } = await sql`select from channel where id = ${id} for key share`.execute(tx)
  return rows.length > 0
}

/** Pins an article above the channel's earlier pins. */
export async function insertPin(tx: Tx, channelId: ChannelId, articleId: ArticleId): Promise<void> {
  await sql`
    insert into top_article (channel_id, article_id, rank)
    select ${channelId}, ${articleId}, coalesce(max(rank), 0) + 1 from top_article where channel_id = ${channelId}
    on conflict (channel_id, article_id) do update set rank = excluded.rank`.execute(tx)
}

/** False if the article is not pinned there. */
export async function deletePin(tx: Tx, channelId: ChannelId, articleId: ArticleId): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('top_article')
    .where('channel_id', '=', channelId)
    .where('article_id', '=', articleId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deletePinsOf(tx: Tx, channelId: ChannelId): Promise<void> {
  await tx.deleteFrom('top_article').where('channel_id', '=', channelId).execute()
}

/** True for an article that is dated in the future, too. */
export async function isPinnable(tx: Tx, id: ArticleId): Promise<boolean> {
  const { rows } = await sql`select from article where id = ${id} and status = ${PUBLISHED}`.execute(tx)
  return rows.length > 0
}
