import { sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import { CHINESE_CHARACTER } from '../../base/language.ts'
import { isReaderKeySql } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ArticleFacts } from './catalogue.ts'

const CHINESE = sql.lit(CHINESE_CHARACTER)

/** The facts of those of these articles that are published, or of the first `limit` above `after`. */
export async function listPublishedFacts(
  db: Db,
  which: { ids: ArticleId[] } | { after: ArticleId; limit: number },
): Promise<ArticleFacts[]> {
  const condition = 'ids' in which ? sql`id = any(${which.ids}::bigint[])` : sql`id > ${which.after}`
  const limit = 'ids' in which ? sql`` : sql`limit ${which.limit}`
  const { rows } = await sql<ArticleFacts>`
    select id, author_id as "authorId", channel_id as "channelId", extract(epoch from published_at)::float8 * 1000 as "publishedAt",
           case when title ~ ${CHINESE} then 'zh' else 'en' end as language
      from published_article where ${condition} order by id ${limit}`.execute(db)
  return rows
}

export interface WeightedAction {
  id: ArticleId
  /** In clicks. */
  weight: number
  at: number
  /** False for anonymous viewers and new devices. */
  isKnown: boolean
}

/** A device may say that it shared an article; only a reader's account stands for it. */
const ACTION_WEIGHT = sql`case when action in ('exposure', 'dislike', 'search') then 0
  when not coalesce(${sql.raw(isReaderKeySql('viewer'))}, false) then 1
  else case action when 'like' then 2 when 'collect' then 3 when 'share' then 4 else 1 end end`

/** Device ids are free: a client that invents one must wait so long before it counts. */
const DEVICE_KNOWN_AFTER = sql.raw(`interval '7 days'`)

/** Whether a viewer counts for itself: a reader, or a device that was here a week before. The columns are given by name. */
export const isKnownSql = (viewer: string, at: string) => sql`coalesce(${sql.raw(isReaderKeySql(viewer))} or exists (
  select from device where device.viewer = ${sql.raw(viewer)} and device.first_at <= ${sql.raw(at)} - ${DEVICE_KNOWN_AFTER}), false)`
/** `at` is never in the future. */
const IS_KNOWN = isKnownSql('behaviour.viewer', 'behaviour.at')

/**
 * Behaviours below a position of their log: a consumer that starts there reads the others. Rows of a restored database may have a
 * transaction id that this one has not reached; the log does not bring those.
 */
const below = (xid: string) => sql`(xid < ${xid}::xid8 or xid >= pg_snapshot_xmax(pg_current_snapshot()))`

/** The actions of the last days, summed by article and hour: of each viewer, article and day only the strongest. */
export async function listRecentWeights(db: Db, { days, before }: { days: number; before: string }): Promise<WeightedAction[]> {
  const { rows } = await sql<WeightedAction>`
    select id, sum(weight)::float8 as weight, extract(epoch from hour)::float8 * 1000 as at, "isKnown" from (
      select article_id as id, max(${ACTION_WEIGHT}) as weight, date_trunc('hour', min(at)) as hour, bool_or(${IS_KNOWN}) as "isKnown"
        from behaviour where at > now() - make_interval(days => ${days}) and action not in ('exposure', 'dislike', 'search') and ${below(before)}
       group by article_id, coalesce(viewer, behaviour.id::text), (at at time zone 'UTC')::date
    ) daily group by id, hour, "isKnown"`.execute(db)
  return rows
}

/** The strongest action of each viewer, article and day; of the newest `limit`. */
export async function listViewerWeights(
  db: Db,
  { days, limit, before }: { days: number; limit: number; before: string },
): Promise<{ viewer: string; id: ArticleId; weight: number; at: number }[]> {
  const { rows } = await sql<{ viewer: string; id: ArticleId; weight: number; at: number }>`
    select viewer, article_id as id, max(${ACTION_WEIGHT})::float8 as weight, extract(epoch from max(at))::float8 * 1000 as at
      from behaviour where viewer is not null and at > now() - make_interval(days => ${days}) and action not in ('exposure', 'dislike', 'search') and ${below(before)}
     group by viewer, article_id, (at at time zone 'UTC')::date order by max(at) desc limit ${limit}`.execute(db)
  return rows
}

/** A behaviour as the consumer reads it from the log. */
export interface LoggedBehaviour extends WeightedAction {
  xid: string
  seq: bigint
  viewer: string | null
  action: string
}

/** The columns of a LoggedBehaviour besides its position in the log. */
export const BEHAVIOUR_COLUMNS = sql`viewer, action, article_id as id, ${ACTION_WEIGHT}::float8 as weight, extract(epoch from at)::float8 * 1000 as at, ${IS_KNOWN} as "isKnown"`

/** The newest clicks of readers and known devices, in order of time. */
export async function listNewestClicks(
  db: Db,
  { days, limit, before }: { days: number; limit: number; before: string },
): Promise<{ viewer: string; id: ArticleId; at: number }[]> {
  const { rows } = await sql<{ viewer: string; id: ArticleId; at: number }>`
    select * from (
      select viewer, article_id as id, extract(epoch from at)::float8 * 1000 as at from behaviour
       where action = 'click' and viewer is not null and ${IS_KNOWN} and at > now() - make_interval(days => ${days}) and ${below(before)} order by at desc limit ${limit}
    ) newest order by at`.execute(db)
  return rows
}

/** How often each article was shown, and clicked by known viewers, in the last days. */
export async function listImpressionStats(
  db: Db,
  { days, before }: { days: number; before: string },
): Promise<{ id: ArticleId; shown: number; clicks: number }[]> {
  const { rows } = await sql<{ id: ArticleId; shown: number; clicks: number }>`
    select id, sum(shown)::int as shown, sum(clicks)::int as clicks from (
      select unnest(article_ids) as id, 1 as shown, 0 as clicks from page where made_at > now() - make_interval(days => ${days})
      union all
      select article_id, 0, 1 from behaviour where action = 'click' and ${IS_KNOWN} and at > now() - make_interval(days => ${days}) and ${below(before)}
    ) impressions group by id`.execute(db)
  return rows
}
