import { type RawBuilder, sql } from 'kysely'
import type { ArticleId } from '../../base/id.ts'
import { CHINESE_CHARACTER } from '../../base/language.ts'
import { isReaderKeySql } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Position } from '../../engines/log/log-rows.sql.ts'
import type { FeedbackRule } from '../policy/feedback.ts'
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

/**
 * What a behaviour weighs by the rules of the policy: the strongest that holds. A device may say that it shared an article; only a
 * reader's account stands for more than a click.
 */
function weightSql(rules: readonly FeedbackRule[]): RawBuilder<number> {
  const each = rules.map(({ action, from, to, weight }) => {
    const hasTime = from > 0 || to < Number.POSITIVE_INFINITY
    const time = hasTime
      ? sql` and dwell_ms >= ${from}::int${to < Number.POSITIVE_INFINITY ? sql` and dwell_ms < ${to}::int` : sql``}`
      : sql``
    return sql`(case when action = ${action}${time} then ${weight}::float8 else 0 end)`
  })
  const all = sql.join([...each, sql`0::float8`])
  const most = sql`greatest(${all}) + least(${all})`
  return sql<number>`case when coalesce(${sql.raw(isReaderKeySql('viewer'))}, false) then ${most} else greatest(-1, least(1, ${most})) end`
}

/** Device ids are free: a client that invents one must wait so long before it counts. */
const DEVICE_KNOWN_AFTER = sql.raw(`interval '7 days'`)

/** Whether a viewer counts for itself: a reader, or a device that was here a week before. The columns are given by name. */
export const isKnownSql = (viewer: string, at: string) => sql`coalesce(${sql.raw(isReaderKeySql(viewer))} or exists (
  select from device where device.viewer = ${sql.raw(viewer)} and device.first_at <= ${sql.raw(at)} - ${DEVICE_KNOWN_AFTER}), false)`
/** `at` is never in the future. */
const IS_KNOWN = isKnownSql('behaviour.viewer', 'behaviour.at')

/**
 * Behaviours up to a position of their log: a consumer that is there reads the others. Rows of a restored database may have a
 * transaction id that this one has not reached; the log does not bring those.
 */
const isUpTo = ({ xid, seq }: Position) => sql`((xid, seq) <= (${xid}::xid8, ${seq}) or xid >= pg_snapshot_xmax(pg_current_snapshot()))`

/** A day by UTC, today to infinity. */
interface Day {
  from: string
  until: string
}

/**
 * The last `days` from this moment, today first; the last is what today lacks. What is loaded at start is read a day at a time: a
 * statement for all would be given up on a busy machine, and again and again. A statement that asked for today itself would read
 * another day after midnight.
 */
export async function listDays(db: Db, days: number): Promise<Day[]> {
  const { rows } = await sql<Day>`
    select greatest(start, now() - make_interval(days => ${days}))::text as "from",
           (case when ago = 0 then 'infinity' else start + interval '24 hours' end)::text as until
      from generate_series(0, ${days}::int) ago,
           lateral (select ((now() at time zone 'UTC')::date - ago)::timestamp at time zone 'UTC' as start) midnight
     order by ago`.execute(db)
  return rows
}

const isOnDay = (column: string, { from, until }: Day) =>
  sql`${sql.raw(column)} >= ${from}::timestamptz and ${sql.raw(column)} < ${until}::timestamptz`

interface WeightQuery {
  day: Day
  rules: readonly FeedbackRule[]
  upTo: Position
}

const weightedBehaviours = ({ rules, upTo, day }: WeightQuery) => sql`(
  select * from (
    select behaviour.*, ${weightSql(rules)} as weight from behaviour
     where ${isOnDay('at', day)} and action = any(${rules.map(rule => rule.action)}::text[]) and ${isUpTo(upTo)}
  ) each_one where weight <> 0)`

/** The actions of a day, summed by article and hour: of each viewer and article only the strongest, for and against. */
export async function listRecentWeights(db: Db, query: WeightQuery): Promise<WeightedAction[]> {
  const { rows } = await sql<WeightedAction>`
    select id, sum(weight)::float8 as weight, extract(epoch from hour)::float8 * 1000 as at, "isKnown" from (
      select article_id as id, sign(weight) * max(abs(weight)) as weight, date_trunc('hour', min(at)) as hour, bool_or("isKnown") as "isKnown"
        from (select *, ${IS_KNOWN} as "isKnown" from ${weightedBehaviours(query)} behaviour) weighed
       group by article_id, coalesce(viewer, weighed.id::text), sign(weight)
    ) daily group by id, hour, "isKnown"`.execute(db)
  return rows
}

/** The strongest action of each viewer and article on a day, for it and against it; of the newest `limit`. */
export async function listViewerWeights(
  db: Db,
  { limit, ...query }: WeightQuery & { limit: number },
): Promise<{ viewer: string; id: ArticleId; weight: number; at: number }[]> {
  const { rows } = await sql<{ viewer: string; id: ArticleId; weight: number; at: number }>`
    select viewer, article_id as id, sign(weight) * max(abs(weight)) as weight, extract(epoch from max(at))::float8 * 1000 as at
      from ${weightedBehaviours(query)} behaviour where viewer is not null
     group by viewer, article_id, sign(weight) order by max(at) desc limit ${limit}`.execute(db)
  return rows
}

/** Behaviours as the consumer reads them from the log: one, or the exposures of a viewer and a moment. */
export interface LoggedBehaviours extends Omit<WeightedAction, 'id'> {
  xid: string
  seq: bigint
  viewer: string | null
  action: string
  ids: ArticleId[]
}

/** What behaviours have alike that are read as one. Only exposures: the order of the others counts. */
export const BEHAVIOURS_ALIKE = sql`viewer, action, dwell_ms, at, case when action <> 'exposure' then seq end`
/** The columns of LoggedBehaviours besides their position in the log. An exposure weighs nothing: its viewer is not looked up. */
export const behaviourColumns = (rules: readonly FeedbackRule[]) =>
  sql`viewer, action, array_agg(article_id) as ids, ${weightSql(rules)} as weight, extract(epoch from at)::float8 * 1000 as at,
      action <> 'exposure' and ${IS_KNOWN} as "isKnown"`

export interface KnownClick {
  viewer: string
  id: ArticleId
  at: number
}

interface ClickQuery {
  days: number
  limit: number
  /** How many one statement reads. */
  batch: number
  upTo: Position
}

/** The newest clicks of readers and known devices, the newest first. A cursor: an imported log may have all of one moment. */
export function listNewestClicks(db: Db, { days, limit, batch, upTo }: ClickQuery): Promise<KnownClick[]> {
  return db.transaction().execute(async tx => {
    // The condition on the action is that of the index, which is in order of time.
    await sql`
      declare clicks no scroll cursor for
      select viewer, article_id as id, extract(epoch from at)::float8 * 1000 as at from behaviour
       where action <> 'exposure' and action = 'click' and viewer is not null and ${IS_KNOWN} and ${isUpTo(upTo)}
         and at > now() - make_interval(days => ${days})
       order by behaviour.at desc limit ${limit}`.execute(tx)
    const clicks: KnownClick[] = []
    for (;;) {
      const { rows } = await sql<KnownClick>`fetch ${sql.lit(batch)} from clicks`.execute(tx)
      for (const click of rows) clicks.push(click)
      if (rows.length < batch) return clicks
    }
  })
}

/** How often each article was shown, and clicked by known viewers, on a day. Without `upTo` clicks are not read. */
export async function listImpressionStats(
  db: Db,
  { day, upTo }: { day: Day; upTo?: Position },
): Promise<{ id: ArticleId; shown: number; clicks: number }[]> {
  const clicks = (end: Position) => sql`
    union all select article_id, 0, 1 from behaviour where action = 'click' and ${IS_KNOWN} and ${isOnDay('at', day)} and ${isUpTo(end)}`
  const { rows } = await sql<{ id: ArticleId; shown: number; clicks: number }>`
    select id, sum(shown)::int as shown, sum(clicks)::int as clicks from (
      select unnest(article_ids) as id, 1 as shown, 0 as clicks from page where ${isOnDay('made_at', day)}
      ${upTo ? clicks(upTo) : sql``}
    ) impressions group by id`.execute(db)
  return rows
}
