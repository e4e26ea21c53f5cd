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

export interface Live {
  comments: number
  likes: number
  collections: number
}

/** What of a card may change at any moment, for those of the articles that are published now, in one round trip. */
export async function liveOf(db: Db, ids: ArticleId[]): Promise<Map<ArticleId, Live>> {
  const { rows } = await sql<Live & { id: ArticleId }>`
    with counts as (
      select kind, key, sum(value) as value from (
        select kind, key, value from counter
         where kind in ('article.comments', 'article.likes', 'article.collections') and key = any(${ids}::bigint[])
        union all
        select kind, key, d from counter_delta
         where kind in ('article.comments', 'article.likes', 'article.collections') and key = any(${ids}::bigint[])
      ) every_part group by kind, key
    )
    select article.id,
           coalesce(max(value) filter (where kind = 'article.comments'), 0)::float8 as comments,
           coalesce(max(value) filter (where kind = 'article.likes'), 0)::float8 as likes,
           coalesce(max(value) filter (where kind = 'article.collections'), 0)::float8 as collections
      from article left join counts on counts.key = article.id
     where article.id = any(${ids}::bigint[]) and article.status = 2
     group by article.id`.execute(db)
  return new Map(rows.map(({ id, ...live }) => [id, live]))
}
