import { sql } from 'kysely'
import type { Db } from '../../engines/database/database.ts'
import { lastPlaces } from './seen.sql.ts'

// A few devices with a few channels each. Bounds what a client can have kept by continuing many sessions.
const SESSIONS_READ_MAX = 10

/**
 * Deletes up to `limit` pages that are older than `days`, or beyond the newest `perViewer` of their viewer. The articles seen
 * on them go to seen_day. Returns how many pages were deleted. The pages of a session that is being read say what it has shown
 * and stay: one continued within `days`, and beyond the newest pages one of the sessions that the viewer continued last.
 */
export async function deleteOldPages(
  db: Db,
  { days, perViewer, limit }: { days: number; perViewer: number; limit: number },
): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with old as (
      -- The oldest first: a page is deleted before its continuation, which is the evidence that it was seen.
      select id from (
        (select id, made_at from page where made_at < now() - make_interval(days => ${days})
            -- "offset 0": looked up for each page. A join would read all pages of these days.
            and not exists (select from page later where later.viewer = page.viewer and later.made_at >= now() - make_interval(days => ${days})
                               and later.scroll = page.scroll offset 0)
          order by made_at limit ${limit})
        union
        (select surplus.id, surplus.made_at from (select viewer from page group by viewer having count(*) > ${perViewer}) busy
          cross join lateral (
            select id, made_at from page where page.viewer = busy.viewer and made_at < (
              select made_at from page newest where newest.viewer = busy.viewer order by made_at desc offset ${perViewer - 1} limit 1)
               and scroll <> all (array(
                 select scroll from page read where read.viewer = busy.viewer group by scroll having count(*) > 1
                  order by max(made_at) desc limit ${SESSIONS_READ_MAX}))
             order by made_at limit ${limit}) surplus
         limit ${limit})
      ) candidates order by made_at limit ${limit}
    ), gone as (
      delete from page using old where page.id = old.id
      returning page.viewer, page.channel_id, page.older, page.article_ids, page.made_at
    ), seen as (
      select gone.viewer, made_at::date as day, array_agg(id order by made_at, place) as ids
        from gone cross join lateral unnest(article_ids) with ordinality as shown (id, place)
       where exists (select from page next where next.viewer = gone.viewer and next.channel_id = gone.channel_id and next.stamp = gone.older)
       group by gone.viewer, made_at::date
    ), kept as (
      insert into seen_day (viewer, day, article_ids) select viewer, day, ${lastPlaces('ids')} from seen order by viewer, day
      on conflict (viewer, day) do update set article_ids = ${lastPlaces('seen_day.article_ids || excluded.article_ids')}
    )
    select count(*)::int as deleted from gone`.execute(db)
  return rows[0]?.deleted ?? 0
}
