// What a cursor means to a viewer: a stored page, the continuation of one, or (undefined) a refresh.

import { sql } from 'kysely'
import type { ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Page } from './page.ts'

export type CursorTarget =
  /** The page itself, by its cursor or by a retry of the refresh that made it. */
  | { kind: 'stored'; page: Page }
  /** The continuation of this page, which is not stored yet. */
  | { kind: 'continuation'; page: Page }

/** Whether the cursor is that of a page, and not the end of one. */
export async function isPage(db: Db, viewerKey: string, channelId: ChannelId, cursor: number): Promise<boolean> {
  const { rows } = await sql`select from page where viewer = ${viewerKey} and channel_id = ${channelId} and stamp = ${cursor}`.execute(db)
  return rows.length > 0
}

const PAGE_COLUMNS = sql`id, scroll as "feedSession", stamp as "cursor", older as "nextCursor", article_ids as "articleIds", coalesce(pinned_ids, '{}') as "pinnedIds", sources, propensity, policy,
  extract(epoch from made_at)::float8 * 1000 as "createdAt"`

/** Undefined if the cursor was never issued to this viewer for this channel: then it is a refresh. */
export async function resolveCursor(
  db: Db,
  viewerKey: string,
  channelId: ChannelId,
  cursor: number,
  retryMs: number,
): Promise<CursorTarget | undefined> {
  const { rows } = await sql<Page>`
    select ${PAGE_COLUMNS} from page
     where viewer = ${viewerKey} and channel_id = ${channelId}
       and (stamp = ${cursor} or older = ${cursor} or (asked = ${cursor} and made_at > now() - make_interval(secs => ${retryMs / 1000})))
     order by made_at desc`.execute(db)
  const number = BigInt(cursor)
  const stored = rows.find(page => page.cursor === number)
  if (stored) return { kind: 'stored', page: stored }
  const continued = rows.find(page => page.nextCursor === number)
  if (continued) return { kind: 'continuation', page: continued }
  const retried = rows[0]
  return retried && { kind: 'stored', page: retried }
}
