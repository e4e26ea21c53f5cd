// Which articles readers see: the one rule behind every list, page, count and reaction. What is hidden from everybody is in the
// view `published_article` (migrations/0044-visible.sql), what a reader has put away is here. docs/visibility.md says what uses which.

import { type RawBuilder, sql } from 'kysely'
import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
import { readerIdOf } from '../../base/viewer-key.ts'
import type { Db } from './database.ts'

/** A reader's id, or an SQL expression for it; null and undefined for a viewer who is not signed in, who has put nothing away. */
type ReaderExpression = ReaderId | RawBuilder<unknown> | null | undefined

/** The authors that a reader blocks. */
export const blockedAuthorIds = (reader: ReaderExpression): RawBuilder<unknown> =>
  sql`select blocked_id from blocking where reader_id = ${reader ?? null}`

/** The articles that a reader dislikes: attitude 0. */
export const dislikedArticleIds = (reader: ReaderExpression): RawBuilder<unknown> =>
  sql`select article_id from attitude where reader_id = ${reader ?? null} and value = 0`

/** The articles that the product may offer to a reader, for a FROM clause: published, and not put away. */
export const visibleTo = (reader: ReaderExpression): RawBuilder<unknown> =>
  sql`(select * from published_article shown
        where not exists (${blockedAuthorIds(reader)} and blocked_id = shown.author_id)
          and not exists (${dislikedArticleIds(reader)} and article_id = shown.id))`

/** Those of these articles that the product may offer to a reader, or to anybody without `reader`. */
export async function findVisibleIds(db: Db, ids: readonly ArticleId[], reader?: ReaderId): Promise<Set<ArticleId>> {
  const articles = reader === undefined ? sql.table('published_article') : visibleTo(reader)
  const { rows } = await sql<{ id: ArticleId }>`select id from ${articles} article where id = any(${ids}::bigint[])`.execute(db)
  return new Set(rows.map(row => row.id))
}

/**
 * Those of these articles that a feed may offer: visible to the viewer, and not turned off by their dials (table `dial`). The page of
 * a channel has its articles even if it is muted.
 */
export async function findOfferedIds(
  db: Db,
  ids: readonly ArticleId[],
  viewerKey: string,
  channelId: ChannelId = RECOMMENDED_CHANNEL,
): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`
    select id from ${visibleTo(readerIdOf(viewerKey))} article
     where id = any(${ids}::bigint[])
       and not exists (
         select from dial
          where dial.viewer = ${viewerKey}
            and (article.id = any(not_interested) or article.author_id = any(muted_authors) or (article.channel_id = any(muted_channels) and article.channel_id <> ${channelId})
                 or exists (select from unnest(muted_words) word where position(word in lower(article.title)) > 0)))`.execute(db)
  return new Set(rows.map(row => row.id))
}

/** Whether everybody may see an article; undefined if there is no such article. */
export async function isPublished(db: Db, id: ArticleId): Promise<boolean | undefined> {
  const { rows } = await sql<{ published: boolean }>`
    select exists (select from published_article where id = article.id) as published from article where id = ${id}`.execute(db)
  return rows[0]?.published
}
