import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface CardRow {
  id: ArticleId
  title: string
  author_id: ReaderId
  channel_id: ChannelId
  cover: string[]
  published_at: Date
  /** Whether the article is pinned in its own channel. */
  is_top: 0 | 1
}

/** Published articles only. */
export async function findCardRows(db: Db, ids: ArticleId[]): Promise<CardRow[]> {
  const { rows } = await sql<CardRow>`
    select article.id, article.title, article.author_id, article.channel_id, article.cover, article.published_at,
           exists (select from top_article where top_article.channel_id = article.channel_id and article_id = article.id)::int as is_top
      from published_article article
     where article.id = any(${ids}::bigint[])`.execute(db)
  return rows
}
