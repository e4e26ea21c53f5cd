// What a viewer has seen: articles clicked, reported as an exposure, or on a page whose continuation was asked for. Pages are
// deleted after days; seen_day keeps the seen articles of deleted pages and of fallback pages.

import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export interface HistoryRow {
  /** Seen within `seenDays`, or in the feed session that `cursor` continues. */
  seenIds: ArticleId[]
  /** On a page made within `recentlyServedMs`, the longest ago first. */
  recentlyServedIds: ArticleId[]
}

export async function findHistory(
  db: Db,
  { viewerKey, channelId, cursor }: { viewerKey: string; channelId: ChannelId; cursor: number },
  { seenDays, recentlyServedMs }: { seenDays: number; recentlyServedMs: number },
): Promise<HistoryRow> {
  const { rows } = await sql<HistoryRow>`
    with mine as materialized (
      select article_ids, channel_id, scroll, stamp, older, made_at from page where viewer = ${viewerKey} and made_at > now() - make_interval(days => ${seenDays})
    )
    select
      array(select unnest(article_ids) from mine
             where scroll = (select scroll from mine where channel_id = ${channelId} and older = ${cursor})
                -- Its continuation was asked for. In "mine" and not in the table, which the planner would search for each page.
                or (channel_id, older) in (select channel_id, stamp from mine)
            union all select unnest(article_ids) from seen_day where viewer = ${viewerKey} and day > current_date - ${seenDays}::int
            union all select article_id from behaviour where viewer = ${viewerKey} and at > now() - make_interval(days => ${seenDays}) and action in ('click', 'exposure')) as "seenIds",
      array(select unnest(article_ids) from mine where made_at > now() - make_interval(secs => ${recentlyServedMs / 1000}) order by made_at) as "recentlyServedIds"`.execute(
    db,
  )
  return rows[0] as HistoryRow
}

export const recordSeen = (db: Db, viewerKey: string, ids: ArticleId[]): Promise<void> =>
  addSeen(db, sql`select ${viewerKey}, current_date, ${ids}::bigint[]`)

/** Records the page with this nextCursor as seen: a fallback page was shown as its continuation. */
export const recordContinuedPageSeen = (db: Db, viewerKey: string, channelId: ChannelId, nextCursor: number): Promise<void> =>
  addSeen(
    db,
    sql`select viewer, current_date, article_ids from page where viewer = ${viewerKey} and channel_id = ${channelId} and older = ${nextCursor}`,
  )

async function addSeen(db: Db, rows: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into seen_day (viewer, day, article_ids) ${rows}
    on conflict (viewer, day) do update set article_ids = (
      select array_agg(distinct id) from unnest(seen_day.article_ids || excluded.article_ids) id)`.execute(db)
}

export async function deleteOldSeen(db: Db, days: number): Promise<void> {
  await sql`delete from seen_day where day < current_date - ${days}::int`.execute(db)
}
