import { sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { isKnownSql } from '../catalogue/catalogue.sql.ts'

/**
 * Of each known viewer, the published articles that they clicked, the newest click first, and when, in milliseconds since 1970; of
 * the newest `limit` clicks.
 */
export async function listReading(
  db: Db,
  { days, limit }: { days: number; limit: number },
): Promise<{ reading: ArticleId[][]; times: number[][] }> {
  const { rows } = await sql<{ ids: ArticleId[]; times: number[] }>`
    select array_agg(article_id order by at desc, article_id) as ids,
           array_agg(extract(epoch from at)::float8 * 1000 order by at desc, article_id) as times from (
      select viewer, article_id, max(at) as at from (
        select viewer, article_id, at from behaviour
         where action = 'click' and viewer is not null and at > now() - make_interval(days => ${days}) and ${isKnownSql('behaviour.viewer', 'behaviour.at')}
         order by at desc limit ${limit}
      ) newest group by viewer, article_id
    ) clicks where exists (select from published_article where id = article_id)
    group by viewer having count(*) > 1 order by viewer`.execute(db)
  return { reading: rows.map(({ ids }) => ids), times: rows.map(({ times }) => times) }
}

export async function findFactorsTime(db: Db): Promise<Date | undefined> {
  return (await db.selectFrom('article_factors').select('made_at').executeTakeFirst())?.made_at
}

export async function findFactors(db: Db): Promise<{ madeAt: Date; body: Buffer } | undefined> {
  const row = await db.selectFrom('article_factors').select(['made_at', 'body']).executeTakeFirst()
  return row && { madeAt: row.made_at, body: row.body }
}

export async function storeFactors(db: Db | Tx, body: Uint8Array): Promise<void> {
  await sql`insert into article_factors (made_at, body) values (clock_timestamp(), ${Buffer.from(body)})
    on conflict (only_one) do update set made_at = excluded.made_at, body = excluded.body`.execute(db)
}

/** Whether there were any. */
export async function deleteFactors(db: Db | Tx): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('article_factors').executeTakeFirst()
  return numDeletedRows > 0n
}

/** For up to some hundred articles: a transaction that writes is short. */
export async function storeRelated(db: Db, rows: readonly { id: ArticleId; related: ArticleId[] }[], madeAt: Date): Promise<void> {
  const values = JSON.stringify(rows.map(({ id, related }) => [String(id), related.map(String)]))
  await sql`
    insert into related_article (article_id, related_ids, made_at)
    select article.id, array(select other::bigint from jsonb_array_elements_text(row->1) with ordinality each (other, place) order by place), ${madeAt}
      from jsonb_array_elements(${values}::jsonb) row join published_article article on article.id = (row->>0)::bigint
    on conflict (article_id) do update set related_ids = excluded.related_ids, made_at = excluded.made_at`.execute(db)
}

/** Up to `limit` of those made before; returns how many. */
export async function deleteRelatedBefore(db: Db, madeAt: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from related_article where article_id in (select article_id from related_article where made_at < ${madeAt} limit ${limit})`.execute(
    db,
  )
  return Number(numAffectedRows)
}
