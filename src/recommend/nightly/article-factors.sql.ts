import { sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { isKnownSql } from '../catalogue/catalogue.sql.ts'

/** Of each known viewer, the published articles that they clicked; of the newest `limit` clicks. */
export async function listReading(db: Db, { days, limit }: { days: number; limit: number }): Promise<ArticleId[][]> {
  const { rows } = await sql<{ ids: ArticleId[] }>`
    select array_agg(distinct article_id) as ids from (
      select viewer, article_id from behaviour
       where action = 'click' and viewer is not null and at > now() - make_interval(days => ${days}) and ${isKnownSql('behaviour.viewer', 'behaviour.at')}
       order by at desc limit ${limit}
    ) clicks where exists (select from published_article where id = article_id)
    group by viewer having count(distinct article_id) > 1 order by viewer`.execute(db)
  return rows.map(({ ids }) => ids)
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
