// Records what viewers do: clicks, which a GET implies, go through a buffer; other actions are written before their request
// is answered. A trace attributes a behaviour to a page and a position on it. Each counts once a day, and within the limits.

import { randomUUID } from 'node:crypto'
import { type Clock, DAY } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Client } from '../../base/network.ts'
import { withTimeout } from '../../base/timeout.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { DecodedToken, TrackedAction } from '../../recommend/tracking-tokens.ts'
import { behaviourIdOf } from './behaviour-id.ts'
import type { BehaviourLimits } from './behaviour-limits.ts'
import { type ActionRow, type ClickRow, insertAction } from './behaviours.sql.ts'
import { createClickBuffer } from './click-buffer.ts'
import { DWELL_MAX_MS } from './event.ts'
import type { OnceKeyOf } from './once-a-day.ts'
import type { Refusals } from './refusals.ts'

export type Behaviours = ReturnType<typeof createBehaviours>

/** A trace attributes a behaviour to its page for so long. Older traces only make repeated requests count once. */
export const TRACE_LIFE_MS = 2 * DAY

/** A GET waits so long for its limits, which Redis answers in a millisecond. Later than that it is not told whether it counts. */
const ADMISSION_MS = 20

export interface Needs {
  db: Db
  log: Log
  clock: Clock
  readTrace: (text: string, viewer: string | undefined) => DecodedToken | undefined
  onceKeyOf: OnceKeyOf
  limits: BehaviourLimits
  refusals: Refusals
}

export interface Opening {
  viewer: Viewer
  client: Client
  articleId: ArticleId
  /** As the client sent it. */
  trace: string | undefined
}

export interface ViewerAction {
  viewer: Viewer
  /** May be missing where every viewer is a reader. */
  client?: Client
  action: ActionRow['action']
  articleId: ArticleId
  /** As the client sent it; it may come from another recommender. */
  trace?: string
  /** Whether to record the action if the trace is missing or not ours. */
  recordUntraced: boolean
  seconds?: number
}

export function createBehaviours({ db, log, clock, readTrace, onceKeyOf, limits, refusals }: Needs) {
  const clicks = createClickBuffer({ db, log })
  /** Clicks whose limits Redis has not answered for. */
  const waiting = new Set<Promise<unknown>>()

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

  const refuseLimited = (viewer: string | undefined, action: string, articleId: ArticleId) =>
    refusals.note({ viewer, action, rule: 'limited', reason: 'limited', event: { article_id: articleId } })

  function addWithinLimits(viewer: Viewer, client: Client, click: ClickRow): Promise<boolean> {
    const { articleId, once } = click
    const added: Promise<boolean> = limits.admit({ viewer, client, action: 'click', articleId, once, rows: 1 }).then(admitted => {
      if (admitted) clicks.add(click)
      else refuseLimited(click.viewer, 'click', articleId)
      waiting.delete(added)
      return admitted
    })
    waiting.add(added)
    return added
  }

  return {
    /**
     * Buffers the click of a viewer who opens an article. Returns whether it counts: whether it is the first one today, as far
     * as this process knows, and within the limits.
     */
    async recordClick({ viewer, client, articleId, trace }: Opening): Promise<boolean> {
      const key = viewerKeyOf(viewer)
      const ours = matchingTrace(trace, key, 'click', articleId)
      const once = onceKeyOf(viewer, client, 'click', articleId)
      const click: ClickRow = {
        // Anonymous viewers share one page and its traces, so an equal trace does not mean a repeated request.
        id: ours && key ? behaviourIdOf(ours) : randomUUID(),
        once,
        viewer: key,
        readerId: viewer.kind === 'reader' ? viewer.id : undefined,
        articleId,
        ...originOf(ours),
        untraced: !trace,
      }
      const isFirst = !limits.wasAdmitted(once)
      // A reader has one click a day and article, and a history that each click changes: no limit is needed.
      if (viewer.kind === 'reader') {
        limits.note(once)
        clicks.add(click)
        return isFirst
      }
      const admitted = addWithinLimits(viewer, client, click)
      return isFirst && withTimeout(ADMISSION_MS, admitted, () => true)
    },

    /** Writes an action, in `tx` if given. Returns false if it is over a limit, or not to be recorded. */
    async recordAction(
      { viewer, client, action, articleId, trace, recordUntraced, seconds }: ViewerAction,
      tx: Db | Tx = db,
    ): Promise<boolean> {
      const key = viewerKeyOf(viewer)
      // Likes and dislikes have no traces of their own.
      const ours = action === 'collect' || action === 'read' ? matchingTrace(trace, key, action, articleId) : undefined
      if (!ours && !recordUntraced) return false
      const once = onceKeyOf(viewer, client, action, articleId)
      if (viewer.kind !== 'reader' && !(await limits.admit({ viewer, client, action, articleId, once, rows: 1 }))) {
        refuseLimited(key, action, articleId)
        return false
      }
      const id = ours && key ? behaviourIdOf(ours) : randomUUID()
      const dwellMs = seconds === undefined ? undefined : Math.round(Math.min(seconds * 1_000, DWELL_MAX_MS))
      await insertAction(tx, { id, once, action, viewer: key, articleId, ...originOf(ours), untraced: !trace, dwellMs })
      return true
    },

    /** Writes the buffered clicks. */
    async close(): Promise<void> {
      await Promise.all(waiting)
      await clicks.close()
    },
  }
}
