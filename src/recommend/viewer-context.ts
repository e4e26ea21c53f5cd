// Reads what a ranking has to know of a viewer: what they have seen, and what they like or have turned off. Both are read side by
// side, and the ranking waits for them; the caller may meanwhile find out that no ranking is needed.

import { type Clock, SECOND } from '../base/clock.ts'
import type { ArticleId, ChannelId } from '../base/id.ts'
import { readerIdOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { HISTORY_TIMES } from './feed-constants.ts'
import { findHistory, type HistoryRow, recordSeen } from './pages/seen.sql.ts'
import { seenAgainOf } from './pages/seen-lists.ts'
import type { ViewerContext, ViewerHistory, ViewerInterests } from './ranking-query.ts'
import { decodeListCursor } from './shared-lists/list-cursor.ts'
import { findSharedList } from './shared-lists/shared-lists.sql.ts'
import { findInterests } from './viewer-context.sql.ts'

/**
 * `cursor`: if it continues a feed session, the articles of the session count as seen. `isComplete`: also reads what was seen if
 * the session shows seen articles again and goes on with them.
 */
export type LoadViewerContext = (viewerKey: string, at: { channelId: ChannelId; cursor: number }, isComplete?: boolean) => LoadedContext

/** With what recent-viewers.ts needs to remember it. */
export interface LoadedContext extends ViewerContext {
  history: Promise<LoadedHistory>
}

export interface LoadedHistory extends ViewerHistory, Pick<HistoryRow, 'newestPageIds' | 'today' | 'seenToday'> {
  /** Those of `seenIds` that were not only pinned above the session, or listed to be shown again. */
  lastinglySeenIds: Set<ArticleId>
  recentlyServed: Map<ArticleId, number>
  sessionIds: readonly ArticleId[]
  /** The viewer comes from a shared list: what it showed was stored after `seenToday` was read. */
  wasInList: boolean
}

export const RECENT_CLICKS = { days: 14, limit: 50 }
// A hundred pages. Bounds what a client can write with an invented position far down in a list.
const LIST_SEEN_MAX = 1_000
// The recommenders' clocks differ, and one may hear of a new article later than another.
const NEWS_MARGIN_MS = 5 * SECOND

interface Needs {
  db: Db
  clock: Clock
  catalogue: Catalogue
}

export function createLoadViewerContext({ db, clock, catalogue }: Needs): LoadViewerContext {
  async function loadHistory(viewerKey: string, channelId: ChannelId, cursor: number, isComplete: boolean): Promise<LoadedHistory> {
    // A cursor of a shared list: the viewer was anonymous until now, or the fallback answered.
    const position = decodeListCursor(cursor, clock())
    const newsAt = isComplete ? undefined : catalogue.lastNewsAt(channelId) + NEWS_MARGIN_MS
    const [history, list] = await Promise.all([
      findHistory(db, { viewerKey, channelId, cursor, newsAt }, HISTORY_TIMES),
      position && findSharedList(db, channelId, position.minute),
    ])
    const seenInList = list?.slice(0, position?.offset) ?? []
    // The next cursors are those of pages and do not say where the viewer was in the list.
    if (seenInList.length > 0) await recordSeen(db, viewerKey, seenInList.slice(-LIST_SEEN_MAX))
    const lastinglySeenIds = new Set([...history.seenIds, ...seenInList])
    const { sessionIds, newestPageIds, today, seenToday } = history
    return {
      seenIds: sessionIds.length > 0 ? new Set([...lastinglySeenIds, ...sessionIds]) : lastinglySeenIds,
      lastinglySeenIds,
      sessionIds,
      newestPageIds,
      today,
      seenToday,
      wasInList: seenInList.length > 0,
      recentlyServed: new Map(history.recentlyServedIds.map((id, rank) => [id, rank])),
      seenAgain: seenAgainOf(history),
    }
  }

  async function loadInterests(viewerKey: string): Promise<ViewerInterests> {
    const row = await findInterests(db, viewerKey, readerIdOf(viewerKey), RECENT_CLICKS)
    return {
      followedIds: new Set(row.followedIds),
      recentClicks: row.clickedIds.map((id, i) => ({ id, at: row.clickedAt[i] ?? 0 })),
      dislikedIds: new Set(row.dislikedIds),
      blockedIds: new Set(row.blockedIds),
      dials: {
        version: row.version,
        language: row.language ?? undefined,
        interests: new Set(row.interests),
        mutedAuthors: new Set(row.mutedAuthors),
        mutedChannels: new Set(row.mutedChannels),
        mutedWords: row.mutedWords,
        notInterestedIds: new Set(row.notInterestedIds),
      },
    }
  }

  return (viewerKey, { channelId, cursor }, isComplete = false) => {
    const context = {
      loadedAt: clock(),
      history: loadHistory(viewerKey, channelId, cursor, isComplete),
      interests: loadInterests(viewerKey),
    }
    // If one fails before the ranking awaits it, or when no ranking follows, it must not be an unhandled rejection.
    context.history.catch(() => {})
    context.interests.catch(() => {})
    return context
  }
}
