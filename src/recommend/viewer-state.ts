// What a page has to know of its viewer, and what the cursor asks for: from memory if the viewer is active, else from the rows.

import type { Clock } from '../base/clock.ts'
import type { Db } from '../engines/database/database.ts'
import type { RecommendRequest } from './contract.ts'
import { type CursorTarget, resolveCursor } from './pages/cursor.sql.ts'
import type { Knowledge, Page } from './pages/page.ts'
import { retryMsOf } from './pages/retry.ts'
import type { ViewerContext } from './ranking-query.ts'
import type { RecentViewers, ViewerVersion } from './recent-viewers.ts'
import type { LoadedContext, LoadViewerContext } from './viewer-context.ts'

export interface ViewerState {
  context: ViewerContext
  /** Undefined for a refresh. */
  target: CursorTarget | undefined
  /** If it is from memory: what storePages checks. */
  knowledge?: Knowledge
  version?: ViewerVersion
  /** If it was read. */
  loaded?: LoadedContext
}

interface Needs {
  db: Db
  clock: Clock
  recentViewers: RecentViewers
  loadViewerContext: LoadViewerContext
}

/** `isFirstTry`: if a page could not be stored, what was in memory may have been the reason. `continued`: the page, if it is known. */
export type FindViewerState = (
  viewerKey: string,
  request: RecommendRequest,
  known: { isFirstTry: boolean; continued: Page | undefined },
) => Promise<ViewerState>

export const createFindViewerState =
  ({ db, clock, recentViewers, loadViewerContext }: Needs): FindViewerState =>
  async (viewerKey, request, { isFirstTry, continued }) => {
    const remembered = isFirstTry ? recentViewers.find(viewerKey, request) : undefined
    if (remembered) return remembered
    // Started before the cursor is resolved, so that a refresh waits for both at once.
    const loaded = loadViewerContext(viewerKey, request)
    const target: CursorTarget | undefined = continued
      ? { kind: 'continuation', page: continued }
      : await resolveCursor(db, viewerKey, request.channelId, request.cursor, retryMsOf(request.cursor, clock))
    return { context: loaded, target, loaded }
  }
