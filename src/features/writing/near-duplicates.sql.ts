import { sql } from 'kysely'
import { LISTED_STATUSES } from '../../base/article-status.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Fingerprint } from './fingerprint.ts'

/** Of 64 bits: texts that differ in a few words. The four quarters of a fingerprint find all that differ in three. */
const DIFFERENT_BITS_MAX = 3
const SHOWN_MAX = 5

export interface SimilarArticle {
  id: ArticleId
  title: string
}

/** The articles whose text is nearly the same, the most alike first: published ones, and the author's own. */
export async function findSimilar(
  db: Db,
  { id, authorId, fingerprint: { hash, bands } }: { id: ArticleId; authorId: ReaderId; fingerprint: Fingerprint },
): Promise<SimilarArticle[]> {
  const { rows } = await sql<SimilarArticle>`
    select article.id, title from (
      select article_id, bit_count((hash # ${hash}::bigint)::bit(64)) as bits from article_simhash where bands && ${bands}::int[]
    ) near join article on article.id = article_id
     where bits <= ${sql.lit(DIFFERENT_BITS_MAX)} and article.id <> ${id} and status = any(${LISTED_STATUSES}::smallint[])
       and (author_id = ${authorId} or exists (select from published_article where published_article.id = article.id))
     order by bits, article.id desc limit ${sql.lit(SHOWN_MAX)}`.execute(db)
  return rows
}
