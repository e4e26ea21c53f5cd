// What a viewer has seen: articles clicked, reported as an exposure, or on a page whose continuation was asked for. Pages are
// deleted after days; seen_day keeps the seen articles of deleted pages and of fallback pages.

import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { NEWEST_PAGES } from './page.ts'
import { CHUNK_SIZE } from './seen-lists.ts'

/** A viewer in a channel. If `cursor` continues a feed session, that is the session. */
export interface SessionKey {
  viewerKey: string
  channelId: ChannelId
  cursor: number
}

interface HistoryTimes {
  seenDays: number
  recentlyServedMs: number
}

export interface HistoryRow {
  /** Seen within `seenDays`, or on a page of the session. */
  seenIds: ArticleId[]
  /** Pinned above the session, or in its list of seen articles. */
  sessionIds: ArticleId[]
  /** On a page made within `recentlyServedMs`, the longest ago first. */
  recentlyServedIds: ArticleId[]
  /** The session's list of seen articles, null if it has none; `seenListIds` begin at the chunk that has `seenListStart`. */
  seenListId: bigint | null
  seenListStart: number | null
  seenListIds: ArticleId[]
  isAllThatIsLeft: boolean
  /** What a ranking from memory has to know, see Knowledge. */
  newestPageIds: PageId[]
  today: string
  seenToday: number
}

/**
 * If the ranking found after `newsAt` that the session has nothing unseen left, what was seen is not read: `isAllThatIsLeft`.
 * PostgreSQL then runs none of the scans behind that condition, so the cost does not grow with what was seen.
 */
export async function findHistory(
  db: Db,
  { viewerKey, channelId, cursor, newsAt }: SessionKey & { newsAt?: number },
  { seenDays, recentlyServedMs }: HistoryTimes,
): Promise<HistoryRow> {
  const { rows } = await sql<HistoryRow>`
    with continued as materialized (
      select scroll, seen_list, seen_end, coalesce(nothing_unseen_at > ${newsAt ?? null}::bigint, false) as is_all from page
       where viewer = ${viewerKey} and channel_id = ${channelId} and older = ${cursor}
    ), ${minePages(viewerKey, seenDays)}
    select
      array(select unnest(article_ids) from mine where scroll = (select scroll from continued)
            union all ${seenArticles(viewerKey, seenDays)}) as "seenIds",
      array(select unnest(pinned_ids) from page where id = (select scroll from continued where not is_all)
            -- Listed articles are shown once: not earlier, because they were seen long enough ago meanwhile.
            union all select unnest(article_ids) from seen_list where id = (select seen_list from continued where not is_all)) as "sessionIds",
      array(select unnest(article_ids) from mine where made_at > now() - make_interval(secs => ${recentlyServedMs / 1000}) order by made_at) as "recentlyServedIds",
      (select seen_list from continued) as "seenListId",
      (select seen_end from continued) as "seenListStart",
      array(select listed.id from seen_list cross join lateral unnest(article_ids) with ordinality as listed (id, place)
             where seen_list.id = (select seen_list from continued)
               and chunk between (select seen_end / ${sql.lit(CHUNK_SIZE)} from continued) and (select seen_end / ${sql.lit(CHUNK_SIZE)} + 1 from continued)
             order by chunk, place) as "seenListIds",
      coalesce((select is_all from continued), false) as "isAllThatIsLeft",
      array(select id from mine order by made_at desc, id desc limit ${sql.lit(NEWEST_PAGES)}) as "newestPageIds",
      current_date as today,
      coalesce((select cardinality(article_ids) from seen_day where viewer = ${viewerKey} and day = current_date and (select is_all from continued) is not true), 0) as "seenToday"`.execute(
    db,
  )
  return rows[0] as HistoryRow
}

/** What was seen within `seenDays` and not in the session, longest ago first. Being served lately counts as seen last then. */
export async function listSeenArticles(
  db: Db,
  { viewerKey, channelId, cursor }: SessionKey,
  { seenDays, recentlyServedMs }: HistoryTimes,
): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    with continued as materialized (
      select scroll, false as is_all from page where viewer = ${viewerKey} and channel_id = ${channelId} and older = ${cursor}
    ), ${minePages(viewerKey, seenDays)}
    select id from (
      ${seenArticles(viewerKey, seenDays, true)}
      union all select unnest(article_ids), made_at + ${PLACE_TIME} from mine where made_at > now() - make_interval(secs => ${recentlyServedMs / 1000})
    ) shown
     where id not in (select unnest(article_ids) from mine where scroll = (select scroll from continued)
                      union all select unnest(pinned_ids) from page where id = (select scroll from continued))
     group by id order by max(at), id`.execute(db)
  return rows.map(row => row.id)
}

/** The articles of the session that `cursor` continues: on its pages, and pinned above. */
export async function findSessionArticles(db: Db, { viewerKey, channelId, cursor }: SessionKey): Promise<ArticleId[]> {
  const { rows } = await sql<{ id: ArticleId }>`
    select unnest(article_ids || pinned_ids) as id from page where viewer = ${viewerKey} and scroll =
      (select scroll from page where viewer = ${viewerKey} and channel_id = ${channelId} and older = ${cursor})`.execute(db)
  return rows.map(row => row.id)
}

/** The viewer's pages. Materialised: the planner would search the table for each page. */
const minePages = (viewerKey: string, seenDays: number) => sql`mine as materialized (
      select id, article_ids, channel_id, scroll, stamp, older, made_at from page
       where viewer = ${viewerKey} and made_at > now() - make_interval(days => ${seenDays}) and (select is_all from continued) is not true
    )`

/** Later places of a page, or of a day, were seen later. */
const PLACE_TIME = sql`generate_subscripts(article_ids, 1) * interval '1 microsecond'`

/** Needs `continued` and `mine`. With `at`, when it was seen, on request: it costs as much as the rest. A day's are at its end. */
const seenArticles = (
  viewerKey: string,
  seenDays: number,
  withTimes = false,
) => sql`select unnest(article_ids) as id ${withTimes ? sql`, made_at + ${PLACE_TIME} as at` : sql``} from mine
       -- Its continuation was asked for.
       where (channel_id, older) in (select channel_id, stamp from mine)
      union all select unnest(article_ids) ${withTimes ? sql`, least(now(), day + 1) + ${PLACE_TIME}` : sql``} from seen_day
       where viewer = ${viewerKey} and day > current_date - ${seenDays}::int and (select is_all from continued) is not true
      union all select article_id ${withTimes ? sql`, at` : sql``} from behaviour
       where viewer = ${viewerKey} and at > now() - make_interval(days => ${seenDays}) and action in ('click', 'exposure') and (select is_all from continued) is not true`

export const recordSeen = (db: Db, viewerKey: string, ids: ArticleId[]): Promise<void> =>
  addSeen(db, sql`select ${viewerKey}, current_date, ${ids}::bigint[]`)

/** Records the page with this nextCursor as seen: its continuation was asked for, and none is stored. */
export const recordContinuedPageSeen = (db: Db, viewerKey: string, channelId: ChannelId, nextCursor: number): Promise<void> =>
  addSeen(
    db,
    sql`select viewer, current_date, article_ids from page where viewer = ${viewerKey} and channel_id = ${channelId} and older = ${nextCursor}`,
  )

async function addSeen(db: Db, rows: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into seen_day (viewer, day, article_ids) ${rows}
    on conflict (viewer, day) do update set article_ids = ${lastPlaces('seen_day.article_ids || excluded.article_ids')}
     where not seen_day.article_ids @> excluded.article_ids`.execute(db)
}

/** An SQL expression: these ids, each once, in the order in which they came last. */
export const lastPlaces = (ids: string): RawBuilder<unknown> =>
  sql`array(select id from unnest(${sql.raw(ids)}) with ordinality as seen (id, place) group by id order by max(place))`

export async function deleteOldSeen(db: Db, days: number): Promise<void> {
  await sql`delete from seen_day where day < current_date - ${days}::int`.execute(db)
}
