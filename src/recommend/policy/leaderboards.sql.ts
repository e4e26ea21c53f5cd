import { sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ArticleCounts } from './expression.ts'

const valueOf = (kind: string) => sql`coalesce(max(value) filter (where kind = ${kind}), 0)::float8`

/** Of the newest published articles. Counts that were not folded yet are some tenths of a second late. */
export async function listArticleCounts(db: Db, limit: number): Promise<(ArticleCounts & { id: ArticleId })[]> {
  const { rows } = await sql<ArticleCounts & { id: ArticleId }>`
    select newest.id, greatest(0, extract(epoch from now() - newest.published_at))::float8 / 3600 as age,
           ${valueOf('article.reads')} as clicks, ${valueOf('article.likes')} as likes, ${valueOf('article.dislikes')} as dislikes,
           ${valueOf('article.collections')} as collections, ${valueOf('article.comments')} as comments, ${valueOf('article.shares')} as shares
      from (select id, published_at from published_article order by published_at desc limit ${limit}) newest
      left join counter on key = newest.id and kind like 'article.%'
     group by newest.id, newest.published_at`.execute(db)
  return rows
}
