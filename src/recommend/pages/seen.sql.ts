// What a viewer has seen that no stored page says, by day: on pages that are no longer kept (pages.sql.ts), and on those
// that stood in for the recommender, of which only the place in a list is known, and that only until it is asked again.

import { type RawBuilder, sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

export const noteSeen = (db: Db, viewer: string, ids: ArticleId[]): Promise<void> =>
  note(db, sql`select ${viewer}, current_date, ${ids}::bigint[]`)

/** The page whose continuation has this number: something else than its continuation was shown after it. */
export const noteContinued = (db: Db, viewer: string, channelId: ChannelId, stamp: number): Promise<void> =>
  note(
    db,
    sql`select viewer, current_date, article_ids from page where viewer = ${viewer} and channel_id = ${channelId} and older = ${stamp}`,
  )

async function note(db: Db, rows: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into seen_day (viewer, day, article_ids) ${rows}
    on conflict (viewer, day) do update set article_ids = (
      select array_agg(distinct id) from unnest(seen_day.article_ids || excluded.article_ids) id)`.execute(db)
}

export async function deleteOldSeen(db: Db, days: number): Promise<void> {
  await sql`delete from seen_day where day < current_date - ${days}::int`.execute(db)
}
