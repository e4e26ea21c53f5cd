// Figures of the whole site, counted from the rows when they are asked for.

import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'
import { type ListPage, readListPage } from '../../engines/database/list-page.ts'
import type { OffsetLimit } from '../../http/paging.ts'
import { type Bucket, countAllVisitors, countVisitors, type Period } from './visitors.sql.ts'

/** The contract's names. */
export const SITE_FIGURES = [
  'day_activate',
  'access',
  'access_ip',
  'new_user',
  'search_user',
  'search',
  'article',
  'comment',
  'read',
  'forward',
] as const
export type SiteFigure = (typeof SITE_FIGURES)[number]

const behaviours = (action: string) => sql`select at, behaviours as count from behaviour_figure where action = ${sql.lit(action)}`

/** The viewers of which each day keeps one row: counted once in each hour or day. */
const VISITORS = { day_activate: 'viewer', access_ip: 'address', search_user: 'searcher' } as const
type VisitorFigure = keyof typeof VISITORS
const isVisitorFigure = (figure: SiteFigure): figure is VisitorFigure => figure in VISITORS

/** Each row stands for `count` of the figure at the moment `at`. */
const SOURCES: Record<Exclude<SiteFigure, VisitorFigure>, RawBuilder<unknown>> = {
  access: sql`select hour as at, requests as count from request_hour where requests > 0`,
  new_user: sql`select created_at as at, 1::bigint as count from reader`,
  search: sql`select hour as at, searches as count from request_hour where searches > 0`,
  article: sql`select published_at as at, 1::bigint as count from published_article`,
  comment: sql`select created_at as at, 1::bigint as count from comment where status = 1`,
  read: behaviours('click'),
  forward: behaviours('share'),
}

/** Requests of a year are more than an int holds. */
const COUNT = sql`coalesce(sum(count), 0)::float8`

/** Each hour or day with its count. */
export async function countByTime(db: Db, figure: SiteFigure, period: Period): Promise<Bucket[]> {
  if (isVisitorFigure(figure)) return countVisitors(db, VISITORS[figure], period)
  const { unit, begin, end, zone } = period
  const source = SOURCES[figure]
  const step = sql.lit(unit === 'hour' ? '1 hour' : '1 day')
  const { rows } = await sql<Bucket>`
    with counted as (
      select date_trunc(${sql.lit(unit)}, at at time zone ${zone}) as bucket, ${COUNT} as count
        from (${source}) source
       where at >= ${begin}::timestamp at time zone ${zone} and at < ${end}::timestamp at time zone ${zone} group by 1
    )
    select to_char(slot, 'YYYY-MM-DD HH24:MI:SS') as bucket, coalesce(count, 0) as count
      from generate_series(${begin}::timestamp, ${end}::timestamp - interval ${step}, interval ${step}) slot
      left join counted on bucket = slot order by slot`.execute(db)
  return rows
}

/** Of all time; a viewer who is counted once a day counts once for each day. */
export async function countAll(db: Db, figure: SiteFigure, zone: string): Promise<{ total: number; days: number }> {
  if (isVisitorFigure(figure)) return countAllVisitors(db, VISITORS[figure], zone)
  const source = SOURCES[figure]
  const { rows } = await sql<{ total: number; days: number }>`
    with daily as (
      select (at at time zone ${zone})::date as day, ${COUNT} as count from (${source}) source group by 1
    )
    select coalesce(sum(count), 0)::float8 as total, coalesce((now() at time zone ${zone})::date - min(day) + 1, 0)::int as days from daily`.execute(
    db,
  )
  return rows[0] as { total: number; days: number }
}

export interface Keyword {
  keyword: string
  user_count: number
  before: number
}

/** What was searched for in the last seven days, with the seven days before; the most searched first. */
export async function listKeywords(db: Db, { offset, limit }: OffsetLimit): Promise<ListPage<Keyword>> {
  return readListPage(db, {
    total: sql`select count(distinct query)::int as total from search_asked where hour > now() - interval '7 days'`,
    rows: sql<Keyword>`
      select query as keyword, count(distinct viewer) filter (where hour > now() - interval '7 days')::int as user_count,
             count(distinct viewer) filter (where hour <= now() - interval '7 days')::int as before
        from search_asked where hour > now() - interval '14 days' group by query
      having count(*) filter (where hour > now() - interval '7 days') > 0
       order by user_count desc, query offset ${offset} limit ${limit}`,
  })
}

export async function readSearchTotals(db: Db): Promise<{ search_user_count: number; count: number; user_count: number }> {
  const { rows } = await sql<{ search_user_count: number; count: number; user_count: number }>`
    select (select count(distinct viewer)::int from behaviour where action = 'search') as search_user_count,
           (select coalesce(sum(searches), 0)::float8 from request_hour) as count, (select count(*)::int from reader where deleted_at is null) as user_count`.execute(
    db,
  )
  return rows[0] as { search_user_count: number; count: number; user_count: number }
}

export interface ReadSource {
  /** 1 the recommended channel, 2 another channel, 0 no page that is known. */
  source: number
  count: number
  count_20_down: number
  count_20_80: number
  count_80_up: number
}

/** Reads whose proportion is computed: the newest. */
const READINGS_MAX = 10_000

/** `msPerCharacter` and `minMs`: how long a text takes (statistics.ts). */
export async function countReadSources(
  db: Db,
  { msPerCharacter, minMs }: { msPerCharacter: number; minMs: number },
): Promise<ReadSource[]> {
  const source = sql`case when from_channel = 0 then 1 when from_channel > 0 then 2 else 0 end`
  const { rows } = await sql<ReadSource>`
    with opened as (
      select ${source} as source, sum(behaviours)::float8 as count from behaviour_figure where action = 'click' group by 1
    ), reading as (
      select ${source} as source,
             dwell_ms / greatest(${minMs}::float8, ${msPerCharacter}::float8 * char_length(regexp_replace(coalesce(html, ''), '<[^>]*>', '', 'g'))) as part
        from (select from_channel, dwell_ms, article_id from behaviour where action = 'read' and dwell_ms is not null order by at desc limit ${sql.lit(READINGS_MAX)}) newest
        left join article_content using (article_id)
    ), parts as (
      select source, count(*) filter (where part < 0.2)::int as count_20_down, count(*) filter (where part between 0.2 and 0.8)::int as count_20_80,
             count(*) filter (where part > 0.8)::int as count_80_up from reading group by 1
    )
    select source, coalesce(count, 0) as count, coalesce(count_20_down, 0) as count_20_down, coalesce(count_20_80, 0) as count_20_80,
           coalesce(count_80_up, 0) as count_80_up from opened full join parts using (source)`.execute(db)
  return rows
}
