import { sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'

/** What viewers were shown and did on a day. All processes write these rows. */
export interface FeedDay {
  /** 2019-11-05, in the zone of the site. */
  day: string
  /** Stored pages and the articles on them. Strangers' shared lists are not among them. Null for a day whose pages are deleted. */
  pages: number | null
  served: number | null
  /** Articles that clients say were on the screen. */
  exposures: number
  clicks: number
  /** Those of the clicks that came from a feed page. */
  feed_clicks: number
  reads: number
}

interface Period {
  days: number
  before?: string
  zone: string
  /** For how many days pages are kept. */
  pageDays: number
}

/** So many days, the last of them the one before `before`, or today. Behaviours are read in two parts: there is an index for each. */
export async function listFeedDays(db: Db, { days, before, zone, pageDays }: Period): Promise<FeedDay[]> {
  const dayOf = (time: string) => sql`date_trunc('day', ${sql.ref(time)} at time zone ${zone})`
  const current = sql`date_trunc('day', now() at time zone ${zone})`
  const end = before === undefined ? sql`(${current} + interval '1 day')` : sql`${before}::timestamp`
  const first = sql`${end} - make_interval(days => ${days})`
  const isWithin = (time: string) =>
    sql`${sql.ref(time)} >= (${first}) at time zone ${zone} and ${sql.ref(time)} < (${end}) at time zone ${zone}`
  const { rows } = await sql<FeedDay>`
    with done as (
      select ${dayOf('at')} as day,
             count(*) filter (where action = 'click')::int as clicks,
             count(*) filter (where action = 'click' and page_id is not null)::int as feed_clicks,
             count(*) filter (where action = 'read')::int as reads
        from behaviour where action <> 'exposure' and ${isWithin('at')} group by 1
    ), shown as (
      select ${dayOf('at')} as day, count(*)::int as exposures from behaviour where action = 'exposure' and ${isWithin('at')} group by 1
    ), sent as (
      select ${dayOf('made_at')} as day, count(*)::int as pages, sum(cardinality(article_ids))::int as served
        from page where ${isWithin('made_at')} group by 1
    )
    select to_char(one, 'YYYY-MM-DD') as day,
           case when one > ${current} - make_interval(days => ${pageDays}) then coalesce(pages, 0) end as pages,
           case when one > ${current} - make_interval(days => ${pageDays}) then coalesce(served, 0) end as served,
           coalesce(exposures, 0) as exposures, coalesce(clicks, 0) as clicks, coalesce(feed_clicks, 0) as feed_clicks, coalesce(reads, 0) as reads
      from generate_series(${first}, ${end} - interval '1 day', interval '1 day') one
      left join done on done.day = one left join shown on shown.day = one left join sent on sent.day = one order by one`.execute(db)
  return rows
}
