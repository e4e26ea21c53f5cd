// The articles that editors pin above channels (features/pinned writes them).

import { sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { PINNED_SHOWN_MAX } from '../contract.ts'

const IN_ORDER = sql`order by rank desc, pinned_at desc, article_id desc`

/** Of each channel, in their order. An article may be pinned before it appears, so some are not published. */
export async function listPinned(db: Db): Promise<Map<ChannelId, ArticleId[]>> {
  const { rows } = await sql<{ channelId: ChannelId; ids: ArticleId[] }>`
    select channel_id as "channelId", array_agg(article_id ${IN_ORDER}) as ids from top_article group by channel_id`.execute(db)
  return new Map(rows.map(({ channelId, ids }) => [channelId, ids]))
}

/** Those that a channel shows. */
export async function findPinnedIds(db: Db, channelId: ChannelId): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select article_id as id from top_article
     where channel_id = ${channelId} and exists (select from published_article where published_article.id = article_id)
     ${IN_ORDER} limit ${PINNED_SHOWN_MAX}`.execute(db)
  return rows.map(({ id }) => id)
}
