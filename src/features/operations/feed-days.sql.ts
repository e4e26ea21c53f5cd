import { sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'

/** What viewers were shown and did on a day. All processes write these rows. */
export interface FeedDay {
  /** 2019-11-05, in the zone of the site. */
  day: string
  /** Stored pages and the articles on them; pages are deleted after three days. Strangers' shared lists are not among them. */
  pages: number
  served: number
  /** Articles that clients say were on the screen. */
  exposures: number
  clicks: number
  /** Those of the clicks that came from a feed page. */
  feed_clicks: number
  reads: number
}

/** The last days, today included. */
export async function listFeedDays(db: Db, { days, zone }: { days: number; zone: string }): Promise<FeedDay[]> {
  const first = sql`date_trunc('day', now() at time zone ${zone}) - make_interval(days => ${days - 1})`
  const { rows } = await sql<FeedDay>`
    with acted as (
      select date_trunc('day', at at time zone ${zone}) as day,
             count(*) filter (where action = 'exposure')::int as exposures,
             count(*) filter (where action = 'click')::int as clicks,
             count(*) filter (where action = 'click' and page_id is not null)::int as feed_clicks,
             count(*) filter (where action = 'read')::int as reads
        from behaviour where at >= (${first}) at time zone ${zone} group by 1
    ), sent as (
      select date_trunc('day', made_at at time zone ${zone}) as day, count(*)::int as pages, sum(cardinality(article_ids))::int as served
        from page where made_at >= (${first}) at time zone ${zone} group by 1
    )
    select to_char(one, 'YYYY-MM-DD') as day, coalesce(pages, 0) as pages, coalesce(served, 0) as served, coalesce(exposures, 0) as exposures,
           coalesce(clicks, 0) as clicks, coalesce(feed_clicks, 0) as feed_clicks, coalesce(reads, 0) as reads
      from generate_series(${first}, date_trunc('day', now() at time zone ${zone}), interval '1 day') one
      left join acted on acted.day = one left join sent on sent.day = one order by one`.execute(db)
  return rows
}
