import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ArticleFacts } from './catalogue.ts'

/**
 * The published ones of these articles; without ids, the first `most` above `after`. Includes articles dated in the future,
 * because no change of a row announces that their time has come.
 */
export async function publishedFacts(db: Db, which: { ids: ArticleId[] } | { after: ArticleId; most: number }): Promise<ArticleFacts[]> {
  const chosen = 'ids' in which ? sql`id = any(${which.ids}::bigint[])` : sql`id > ${which.after}`
  const most = 'ids' in which ? sql`` : sql`limit ${which.most}`
  const { rows } = await sql<ArticleFacts>`
    select id, author_id as "authorId", channel_id as "channelId", extract(epoch from published_at)::float8 * 1000 as "publishedAt"
      from article where status = ${sql.lit(ARTICLE_STATUS.published)} and ${chosen} order by id ${most}`.execute(db)
  return rows
}

export interface Warmth {
  id: ArticleId
  weight: number
  at: number
}

const WEIGHTS = sql`case action when 'click' then 1 when 'read' then 1 when 'like' then 2 when 'collect' then 3 when 'share' then 4 else 0 end`

/** What was done with articles in the last days, gathered by article and hour. */
export async function warmthSince(db: Db, days: number): Promise<Warmth[]> {
  const { rows } = await sql<Warmth>`
    select article_id as id, sum(${WEIGHTS})::float8 as weight, extract(epoch from date_trunc('hour', at))::float8 * 1000 as at
      from behaviour where at > now() - make_interval(days => ${days}) and action not in ('exposure', 'dislike')
     group by 1, 3`.execute(db)
  return rows
}

export interface Done extends Warmth {
  xid: string
  seq: bigint
  viewer: string | null
  action: string
}

/** What is read of a behaviour besides its place in the log. */
export const DONE = sql`viewer, action, article_id as id, ${WEIGHTS}::float8 as weight, extract(epoch from at)::float8 * 1000 as at`

/** The newest clicks of viewers who can be recognised, in order of time. */
export async function newestClicks(
  db: Db,
  { days, most }: { days: number; most: number },
): Promise<{ viewer: string; id: ArticleId; at: number }[]> {
  const { rows } = await sql<{ viewer: string; id: ArticleId; at: number }>`
    select * from (
      select viewer, article_id as id, extract(epoch from at)::float8 * 1000 as at from behaviour
       where action = 'click' and viewer is not null and at > now() - make_interval(days => ${days}) order by at desc limit ${most}
    ) newest order by at`.execute(db)
  return rows
}

/** How often each article was shown and opened in the last days. */
export async function meetingsSince(db: Db, days: number): Promise<{ id: ArticleId; shown: number; clicks: number }[]> {
  const { rows } = await sql<{ id: ArticleId; shown: number; clicks: number }>`
    select id, sum(shown)::int as shown, sum(clicks)::int as clicks from (
      select unnest(article_ids) as id, 1 as shown, 0 as clicks from page where made_at > now() - make_interval(days => ${days})
      union all
      select article_id, 0, 1 from behaviour where action = 'click' and at > now() - make_interval(days => ${days})
    ) every_one group by id`.execute(db)
  return rows
}
