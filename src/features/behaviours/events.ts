// What clients tell of in batches: noted before they are answered, each once however often it is sent, each for itself.

import type { Clock } from '../../base/clock.ts'
import type { ArticleId, PageId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Trace } from '../../recommend/traces.ts'
import { behaviourIdOf, uuidFromText } from './behaviour-id.ts'
import { trimHistories } from './behaviours.sql.ts'
import { HISTORY_MAX, TRACE_LIFE_MS } from './behaviours.ts'
import { type Event, parseEvent } from './event.ts'
import { articleIdsOfPages, type EventRow, insertEvents } from './events.sql.ts'

export type Events = ReturnType<typeof createEvents>

export interface Needs {
  db: Db
  clock: Clock
  log: Log
  readTrace: (text: string, viewer: string | undefined) => Trace | undefined
}

export interface BatchResult {
  /** Events noted now, and those that were noted before. */
  accepted: number
  repeated: number
  /** Which were not taken, by their place in the batch, and why. */
  refused: { index: number; id: string | null; reason: string }[]
  /** Which of those taken count, but for no page: their trace is not ours, not this viewer's, about something else, or too old. */
  untraced: string[]
}

// A hundred pages of ten: what one request may hold the log for.
const ROWS_MAX = 1_000

interface Row extends EventRow {
  index: number
}

/** An event that can be read, with what its trace says if that is ours. */
interface Readable {
  index: number
  event: Event
  from: Trace | undefined
}

export function createEvents({ db, clock, log, readTrace }: Needs) {
  /** The rows an event becomes, and whether its trace says where it came from; or why it becomes none. */
  function rowsOf(
    viewer: string | undefined,
    { event, from }: Readable,
    pages: ReadonlyMap<PageId, ArticleId[]>,
  ): { rows: EventRow[]; traced: boolean } | string {
    const { action, trace, at } = event
    const base = { action, at, dwellMs: event.dwellMs, untraced: trace === undefined }
    const own = (articleId: ArticleId) => uuidFromText(`event ${viewer ?? 'nobody'} ${event.id} ${action === 'exposure' ? articleId : ''}`)
    if (action === 'exposure') {
      if (viewer === undefined) return 'who cannot be recognised has nothing that could be remembered as seen'
      const ours = from?.action === 'exposure' ? from : undefined
      const page = ours && pages.get(ours.pageId)
      if (event.articleIds.length === 0 && !page)
        return ours ? 'the page of this trace is no longer kept' : 'the trace is not that of a page of yours'
      const ids = event.articleIds.length > 0 ? event.articleIds : (page as ArticleId[])
      const rows = ids.map(articleId => {
        const place = page?.indexOf(articleId) ?? -1
        if (!ours || place < 0) return { ...base, id: own(articleId), articleId, pageId: undefined, position: undefined }
        return { ...base, id: behaviourIdOf({ ...ours, articleId }), articleId, ...placeOn(ours, place) }
      })
      return { rows, traced: ours !== undefined }
    }
    // Liking has no trace of its own: any of the article's says where it stood.
    const matches = from && from.articleId === event.articleIds[0] && (from.action === action || action === 'like' || action === 'dislike')
    const [articleId] = event.articleIds as [ArticleId]
    if (!matches) return { rows: [{ ...base, id: own(articleId), articleId, pageId: undefined, position: undefined }], traced: false }
    const place = placeOn(from, from.position)
    // Nobody stays longer than since they were given the page.
    const dwellMs = base.dwellMs === undefined ? undefined : Math.min(base.dwellMs, Math.max(0, at - from.issuedAt))
    const id = viewer === undefined ? own(articleId) : behaviourIdOf({ ...from, action })
    return { rows: [{ ...base, id, articleId, dwellMs, ...place }], traced: place.pageId !== undefined }
  }

  /** A page of two days ago is not what led somebody here. */
  function placeOn({ pageId, issuedAt }: Trace, position: number): { pageId: PageId | undefined; position: number | undefined } {
    return clock() - issuedAt <= TRACE_LIFE_MS ? { pageId, position } : { pageId: undefined, position: undefined }
  }

  return {
    async recordBatch(viewer: Viewer, batch: unknown[]): Promise<BatchResult> {
      const key = viewerKeyOf(viewer)
      const taken: BatchResult = { accepted: 0, repeated: 0, refused: [], untraced: [] }
      const refuse = (index: number, reason: string) => taken.refused.push({ index, id: idOf(batch[index]), reason })
      const readable: Readable[] = []
      for (const [index, raw] of batch.entries()) {
        const event = parseEvent(raw, clock())
        if (typeof event === 'string') refuse(index, event)
        else if (viewer.kind !== 'reader' && SIGNED_IN_ONLY.has(event.action)) refuse(index, 'only who is signed in can do this')
        else if (viewer.kind === 'anonymous' && !UUID.test(event.id))
          refuse(index, 'id must be a UUID: without a device anybody else may use it too')
        else readable.push({ index, event, from: event.trace === undefined ? undefined : readTrace(event.trace, key) })
      }
      const pageIds = new Set(readable.flatMap(({ event, from }) => (event.action === 'exposure' && from ? [from.pageId] : [])))
      const pages = key !== undefined && pageIds.size > 0 ? await articleIdsOfPages(db, key, [...pageIds]) : NO_PAGES
      const rows: Row[] = []
      const untraced = new Set<number>()
      for (const one of readable) {
        const { index, event } = one
        const made = rowsOf(key, one, pages)
        if (typeof made === 'string') refuse(index, made)
        else if (rows.length + made.rows.length > ROWS_MAX) refuse(index, 'too many articles in one batch: send it with the next')
        else {
          rows.push(...made.rows.map(row => ({ ...row, index })))
          if (event.trace !== undefined && !made.traced) untraced.add(index)
        }
      }
      if (rows.length > 0) count(await insertEvents(db, key, viewer.kind === 'reader' ? viewer.id : undefined, rows))
      taken.refused.sort((a, b) => a.index - b.index)
      if (viewer.kind === 'reader' && rows.some(row => row.action === 'click'))
        await trimHistories(db, [viewer.id], HISTORY_MAX).catch(err => log.warn({ err: err.message }, 'histories could not be trimmed'))
      return taken

      function count(noted: { known: boolean; fresh: boolean }[]): void {
        const met = new Set<string>()
        const outcome = new Map<number, { known: boolean; fresh: boolean }>()
        for (const [i, { id, index }] of rows.entries()) {
          const { known, fresh } = noted[i] as { known: boolean; fresh: boolean }
          const before = outcome.get(index)
          // Sent twice in one batch, it is new once.
          outcome.set(index, { known: known || before?.known === true, fresh: (fresh && !met.has(id)) || before?.fresh === true })
          met.add(id)
        }
        for (const [index, { known, fresh }] of outcome) {
          if (!known) refuse(index, 'there is no such article')
          else taken[fresh ? 'accepted' : 'repeated']++
          if (known && untraced.has(index)) taken.untraced.push(idOf(batch[index]) as string)
        }
      }
    },
  }
}

const NO_PAGES: ReadonlyMap<PageId, ArticleId[]> = new Map()
/** Those nobody can tell apart share their events' ids: only what is drawn by chance is each one's own. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const SIGNED_IN_ONLY = new Set(['like', 'dislike', 'collect'])

function idOf(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : null
  return typeof id === 'string' && id.length <= 64 ? id : null
}
