// What viewers do, on its way into the rows. Behaviours that a GET implies (opening an article) wait a moment and go in
// together: one transaction for all that came in meanwhile, within the 50 ms that may be lost with the process.

import { randomUUID } from 'node:crypto'
import { type Clock, DAY } from '../../base/clock.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import { type Db, isDatabaseUnavailable, type Tx } from '../../engines/database/database.ts'
import type { Trace, TraceAction } from '../../recommend/traces.ts'
import { behaviourIdOf } from './behaviour-id.ts'
import { type ActionRow, type ClickRow, insertAction, insertClicks, trimHistories } from './behaviours.sql.ts'
import { DWELL_MAX_MS } from './event.ts'

export type Behaviours = ReturnType<typeof createBehaviours>

const FLUSH_MS = 20 // a click must be felt by a page asked for 50 ms later
const AWAY_MS = 1_000 // between two attempts while the database is away
const BATCH_MAX = 500
// What waits while the database is away; beyond that the oldest are given up, which the log says.
const WAITING_MAX = 10_000
/** The contract: the newest hundred articles a reader has read. */
export const HISTORY_MAX = 100
/** How long a trace says where somebody came from; after that it only tells that they came once. */
export const TRACE_LIFE_MS = 2 * DAY
export interface Needs {
  db: Db
  log: Log
  clock: Clock
  readTrace: (text: string, viewer: string | undefined) => Trace | undefined
}

export interface ViewerAction {
  viewer: Viewer
  action: ActionRow['action']
  articleId: ArticleId
  /** What the client sent along, ours or not. */
  trace?: string
  /** Whether it is noted when no trace of ours says where it came from. */
  recordUntraced: boolean
  seconds?: number
}

export function createBehaviours({ db, log, clock, readTrace }: Needs) {
  let waiting: ClickRow[] = []
  let flushing: Promise<void> | undefined
  const untrimmed = new Set<ReaderId>()
  let trimming: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  /** Whether the last attempt found no database. */
  let away = false

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    // One at a time, so that what came first goes in first.
    while (flushing) await flushing
    const batch = waiting.splice(0, BATCH_MAX)
    if (batch.length === 0) return
    flushing = write(batch).finally(() => {
      flushing = undefined
    })
    await flushing
    if (waiting.length > 0) timer ??= setTimeout(flush, away ? AWAY_MS : FLUSH_MS)
  }

  async function write(batch: ClickRow[]): Promise<void> {
    try {
      await insertClicks(db, batch)
      if (away) log.info('behaviours are written again')
      away = false
      for (const { readerId } of batch) if (readerId !== undefined) untrimmed.add(readerId)
      if (untrimmed.size > 0)
        trimming ??= trim().finally(() => {
          trimming = undefined
        })
    } catch (err) {
      if (isDatabaseUnavailable(err as Error)) {
        if (!away) log.warn({ err: (err as Error).message, count: batch.length }, 'behaviours wait for the database')
        away = true
        const all = [...batch, ...waiting]
        waiting = all.slice(-WAITING_MAX)
        if (all.length > waiting.length) log.error({ count: all.length - waiting.length }, 'behaviours were given up')
      } else if (batch.length > 1) {
        // One that cannot be written is not to take the others with it.
        for (const one of batch) await write([one])
      } else log.error({ err }, 'behaviour could not be written')
    }
  }

  /** Beside the writing, which is not to wait for it; one at a time, however many readers have read meanwhile. */
  async function trim(): Promise<void> {
    for (let readers = [...untrimmed]; readers.length > 0; readers = [...untrimmed]) {
      untrimmed.clear()
      await trimHistories(db, readers, HISTORY_MAX).catch(err => log.warn({ err: err.message }, 'histories could not be trimmed'))
    }
  }

  /** What a trace says, if it is ours, this viewer's, and about this. */
  function oursFor(trace: string | undefined, viewer: string | undefined, action: TraceAction, articleId: ArticleId): Trace | undefined {
    const from = trace === undefined ? undefined : readTrace(trace, viewer)
    return from?.action === action && from.articleId === articleId ? from : undefined
  }

  function placeOf(ours: Trace | undefined): Pick<ClickRow, 'pageId' | 'position'> {
    const fresh = ours && clock() - ours.issuedAt <= TRACE_LIFE_MS ? ours : undefined
    return { pageId: fresh?.pageId, position: fresh?.position }
  }

  return {
    /** Somebody opened an article; `trace` is what the client sent along, ours or not. */
    recordClick(viewer: Viewer, articleId: ArticleId, trace: string | undefined): void {
      const key = viewerKeyOf(viewer)
      const ours = oursFor(trace, key, 'click', articleId)
      waiting.push({
        // Those nobody could recognise again all read the same page: two of them are not one who came twice.
        id: ours && key ? behaviourIdOf(ours) : randomUUID(),
        viewer: key,
        readerId: viewer.kind === 'reader' ? viewer.id : undefined,
        articleId,
        ...placeOf(ours),
        untraced: !trace,
      })
      timer ??= setTimeout(flush, FLUSH_MS)
    },

    /** Somebody did something, and is answered once it is written: in `tx`, or by itself. */
    async recordAction({ viewer, action, articleId, trace, recordUntraced, seconds }: ViewerAction, tx: Db | Tx = db): Promise<void> {
      const key = viewerKeyOf(viewer)
      const ours = action === 'collect' || action === 'read' ? oursFor(trace, key, action, articleId) : undefined // as traces have letters
      if (!ours && !recordUntraced) return
      const id = ours && key ? behaviourIdOf(ours) : randomUUID()
      const dwellMs = seconds === undefined ? undefined : Math.round(Math.min(seconds * 1_000, DWELL_MAX_MS))
      await insertAction(tx, { id, action, viewer: key, articleId, ...placeOf(ours), untraced: !trace, dwellMs })
    },

    async close(): Promise<void> {
      // Batch by batch, for as long as that gets anything out: with the database away it does not.
      for (let left = Number.POSITIVE_INFINITY; waiting.length > 0 && waiting.length < left; ) {
        left = waiting.length
        await flush()
      }
      clearTimeout(timer)
      await trimming
    },
  }
}
