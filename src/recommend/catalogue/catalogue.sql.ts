import { sql } from 'kysely'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ArticleFacts } from './catalogue.ts'

/**
 * The facts of those of these articles that are published, or of the first `limit` above `after`. Unlike the view
 * published_article this includes articles that are due later: the filter `due` shows them in time.
 */
export async function listPublishedFacts(
  db: Db,
  which: { ids: ArticleId[] } | { after: ArticleId; limit: number },
): Promise<ArticleFacts[]> {
  const condition = 'ids' in which ? sql`id = any(${which.ids}::bigint[])` : sql`id > ${which.after}`
  const limit = 'ids' in which ? sql`` : sql`limit ${which.limit}`
  const { rows } = await sql<ArticleFacts>`
    select id, author_id as "authorId", channel_id as "channelId", extract(epoch from published_at)::float8 * 1000 as "publishedAt"
      from article where status = ${sql.lit(ARTICLE_STATUS.published)} and ${condition} order by id ${limit}`.execute(db)
  return rows
}

/** Which of these articles are published. */
export async function findPublishedIds(db: Db, ids: ArticleId[]): Promise<Set<ArticleId>> {
  const { rows } = await sql<{ id: ArticleId }>`
    select id from article where id = any(${ids}::bigint[]) and status = ${sql.lit(ARTICLE_STATUS.published)}`.execute(db)
  return new Set(rows.map(row => row.id))
}

export interface WeightedAction {
  id: ArticleId
  /** In clicks. */
  weight: number
  at: number
}

const ACTION_WEIGHT = sql`case action when 'click' then 1 when 'read' then 1 when 'like' then 2 when 'collect' then 3 when 'share' then 4 else 0 end`

/** The actions of the last days, summed by article and hour. */
export async function listRecentWeights(db: Db, days: number): Promise<WeightedAction[]> {
  const { rows } = await sql<WeightedAction>`
    select article_id as id, sum(${ACTION_WEIGHT})::float8 as weight, extract(epoch from date_trunc('hour', at))::float8 * 1000 as at
      from behaviour where at > now() - make_interval(days => ${days}) and action not in ('exposure', 'dislike')
     group by 1, 3`.execute(db)
  return rows
}

/** A behaviour as the follower reads it from the log. */
export interface LoggedBehaviour extends WeightedAction {
  xid: string
  seq: bigint
  viewer: string | null
  action: string
}

/** The columns of a LoggedBehaviour besides its position in the log. */
export const BEHAVIOUR_COLUMNS = sql`viewer, action, article_id as id, ${ACTION_WEIGHT}::float8 as weight, extract(epoch from at)::float8 * 1000 as at`

/** The newest clicks of readers and devices, in order of time. */
export async function listNewestClicks(
  db: Db,
  { days, limit }: { days: number; limit: number },
): Promise<{ viewer: string; id: ArticleId; at: number }[]> {
  const { rows } = await sql<{ viewer: string; id: ArticleId; at: number }>`
    select * from (
      select viewer, article_id as id, extract(epoch from at)::float8 * 1000 as at from behaviour
       where action = 'click' and viewer is not null and at > now() - make_interval(days => ${days}) order by at desc limit ${limit}
    ) newest order by at`.execute(db)
  return rows
}

/** How often each article was shown and clicked in the last days. */
export async function listImpressionStats(db: Db, days: number): Promise<{ id: ArticleId; shown: number; clicks: number }[]> {
  const { rows } = await sql<{ id: ArticleId; shown: number; clicks: number }>`
    select id, sum(shown)::int as shown, sum(clicks)::int as clicks from (
      select unnest(article_ids) as id, 1 as shown, 0 as clicks from page where made_at > now() - make_interval(days => ${days})
      union all
      select article_id, 0, 1 from behaviour where action = 'click' and at > now() - make_interval(days => ${days})
    ) impressions group by id`.execute(db)
  return rows
}
