import { sql } from 'kysely'
import { LISTED_STATUSES } from '../../base/article-status.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface Fingerprint {
  id: ArticleId
  hash: bigint
  bands: number[]
}

export async function putFingerprint(db: Db, { id, hash, bands }: Fingerprint): Promise<void> {
  await sql`
    insert into article_simhash (article_id, hash, bands) select id, ${hash}, ${bands}::int[] from article where id = ${id}
    on conflict (article_id) do update set hash = excluded.hash, bands = excluded.bands`.execute(db)
}

export interface SimilarArticle {
  id: ArticleId
  title: string
}

/** The most alike first. */
export async function findSimilar(
  db: Db,
  { id, authorId, hash, bands }: Fingerprint & { authorId: ReaderId },
  { differentBitsMax, limit }: { differentBitsMax: number; limit: number },
): Promise<SimilarArticle[]> {
  const { rows } = await sql<SimilarArticle>`
    select article.id, title from (
      select article_id, bit_count((hash # ${hash}::bigint)::bit(64)) as bits from article_simhash where bands && ${bands}::int[]
    ) near join article on article.id = article_id
     where bits <= ${differentBitsMax} and article.id <> ${id} and status = any(${LISTED_STATUSES}::smallint[])
       and (author_id = ${authorId} or exists (select from published_article where published_article.id = article.id))
     order by bits, article.id desc limit ${limit}`.execute(db)
  return rows
}
