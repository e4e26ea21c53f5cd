import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface CardRow {
  id: ArticleId
  title: string
  author_id: ReaderId
  author_name: string
  channel_id: ChannelId
  cover: string[]
  published_at: Date
}

/** Published articles only. */
export async function cardRows(db: Db, ids: ArticleId[]): Promise<CardRow[]> {
  const { rows } = await sql<CardRow>`
    select article.id, article.title, article.author_id, reader.name as author_name, article.channel_id, article.cover, article.published_at
      from article join reader on reader.id = article.author_id
     where article.id = any(${ids}::bigint[]) and article.status = 2`.execute(db)
  return rows
}
