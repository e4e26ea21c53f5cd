// Records what viewers do: clicks, which a GET implies, go through a buffer; other actions are written before their request
// is answered. A trace attributes a behaviour to a page and a position on it.

import { randomUUID } from 'node:crypto'
import { type Clock, DAY } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { DecodedToken, TrackedAction } from '../../recommend/tracking-tokens.ts'
import { behaviourIdOf } from './behaviour-id.ts'
import { type ActionRow, type ClickRow, insertAction } from './behaviours.sql.ts'
import { createClickBuffer } from './click-buffer.ts'
import { DWELL_MAX_MS } from './event.ts'

export type Behaviours = ReturnType<typeof createBehaviours>

/** A trace attributes a behaviour to its page for so long. Older traces only make repeated requests count once. */
export const TRACE_LIFE_MS = 2 * DAY

export interface Needs {
  db: Db
  log: Log
  clock: Clock
  readTrace: (text: string, viewer: string | undefined) => DecodedToken | undefined
}

export interface ViewerAction {
  viewer: Viewer
  action: ActionRow['action']
  articleId: ArticleId
  /** As the client sent it; it may come from another recommender. */
  trace?: string
  /** Whether to record the action if the trace is missing or not ours. */
  recordUntraced: boolean
  seconds?: number
}

export function createBehaviours({ db, log, clock, readTrace }: Needs) {
  const clicks = createClickBuffer({ db, log })

  /** The decoded trace, if it is ours and was issued to this viewer for this action and article. */
  function matchingTrace(
    text: string | undefined,
    viewer: string | undefined,
    action: TrackedAction,
    articleId: ArticleId,
  ): DecodedToken | undefined {
    const trace = text === undefined ? undefined : readTrace(text, viewer)
    return trace?.action === action && trace.articleId === articleId ? trace : undefined
  }

  function originOf(trace: DecodedToken | undefined): Pick<ClickRow, 'pageId' | 'position'> {
    const recent = trace && clock() - trace.issuedAt <= TRACE_LIFE_MS ? trace : undefined
    return { pageId: recent?.pageId, position: recent?.position }
  }

  return {
    /** Buffers the click of a viewer who opens an article. `trace` is as the client sent it. */
    recordClick(viewer: Viewer, articleId: ArticleId, trace: string | undefined): void {
      const key = viewerKeyOf(viewer)
      const ours = matchingTrace(trace, key, 'click', articleId)
      clicks.add({
        // Anonymous viewers share one page and its traces, so an equal trace does not mean a repeated request.
        id: ours && key ? behaviourIdOf(ours) : randomUUID(),
        viewer: key,
        readerId: viewer.kind === 'reader' ? viewer.id : undefined,
        articleId,
        ...originOf(ours),
        untraced: !trace,
      })
    },

    /** Writes an action, in `tx` if given. */
    async recordAction({ viewer, action, articleId, trace, recordUntraced, seconds }: ViewerAction, tx: Db | Tx = db): Promise<void> {
      const key = viewerKeyOf(viewer)
      // Likes and dislikes have no traces of their own.
      const ours = action === 'collect' || action === 'read' ? matchingTrace(trace, key, action, articleId) : undefined
      if (!ours && !recordUntraced) return
      const id = ours && key ? behaviourIdOf(ours) : randomUUID()
      const dwellMs = seconds === undefined ? undefined : Math.round(Math.min(seconds * 1_000, DWELL_MAX_MS))
      await insertAction(tx, { id, action, viewer: key, articleId, ...originOf(ours), untraced: !trace, dwellMs })
    },

    /** Writes the buffered clicks. */
    close: (): Promise<void> => clicks.close(),
  }
}
