// Articles as an index is made from them: those that readers may see.

import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'

export interface SourceRow {
  id: ArticleId
  authorId: ReaderId
  channelId: ChannelId
  publishedAt: number
  covers: number
  title: string
  keywords: string[]
  html: string
  reads: number
}

/** The longest text that is analysed: what stands further down is not what an article is about. Tags are counted too. */
const HTML_MAX = 20_000

export async function sourceRows(db: Db, which: { ids: ArticleId[] } | { after: ArticleId; limit: number }): Promise<SourceRow[]> {
  const chosen = 'ids' in which ? sql`article.id = any(${which.ids}::bigint[])` : sql`article.id > ${which.after}`
  const limit = 'ids' in which ? sql`` : sql`limit ${which.limit}`
  const { rows } = await sql<SourceRow>`
    select article.id, author_id as "authorId", channel_id as "channelId", extract(epoch from published_at)::float8 * 1000 as "publishedAt",
           cardinality(cover) as covers, title, keywords, left(coalesce(html, ''), ${sql.lit(HTML_MAX)}) as html, coalesce(counter.value, 0)::float8 as reads
      from published_article article left join article_content on article_content.article_id = article.id
      left join counter on counter.kind = 'article.reads' and counter.key = article.id
     where ${chosen} order by article.id ${limit}`.execute(db)
  return rows
}

export async function countPublished(db: Db): Promise<number> {
  const { rows } = await sql<{
    total: number
  }>`select count(*)::int as total from published_article`.execute(db)
  return rows[0]?.total ?? 0
}

/** Taken before rows are read: a higher version was read later, so it shows at least as new a state. */
export async function takeVersion(db: Db): Promise<bigint> {
  const { rows } = await sql<{ version: bigint }>`select nextval('search_version') as version`.execute(db)
  return rows[0]?.version as bigint
}

/** Articles that have been read clearly more or less often than the index knows. */
export async function stalePopularity(db: Db, slot: 'a' | 'b', limit: number): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select entry.id from ${sql.table(`search_article_${slot}`)} entry join counter on counter.kind = 'article.reads' and counter.key = entry.id
     where not gone and counter.value > 1.2 * entry.popularity + 5 order by counter.value desc limit ${limit}`.execute(db)
  return rows.map(row => row.id)
}
