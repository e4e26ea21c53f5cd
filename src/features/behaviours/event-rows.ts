// Turns a parsed event into the rows to insert, and attributes them: the trace of an event names the page and the position
// that led to it. A trace counts only if it is ours, was issued to this viewer and is about the same article.

import type { ArticleId, PageId } from '../../base/id.ts'
import type { DecodedToken } from '../../recommend/tracking-tokens.ts'
import { behaviourIdOf, uuidFromText } from './behaviour-id.ts'
import { TRACE_LIFE_MS } from './behaviours.ts'
import type { Event } from './event.ts'
import type { EventRow } from './events.sql.ts'

export interface EventContext {
  /** The viewer's key; undefined for an anonymous viewer. */
  viewer: string | undefined
  /** The articles on the pages that exposures name. */
  pages: ReadonlyMap<PageId, ArticleId[]>
  /** The key under which this viewer's action on an article is stored once a day. */
  onceKeyOf: (action: string, articleId: ArticleId) => string
  /** Milliseconds since 1970. */
  now: number
}

export interface AttributedRows {
  rows: EventRow[]
  /** Whether the trace of the event attributed it. */
  traced: boolean
}

/** Returns a sentence that says what is wrong with the event if it makes no rows. `trace` is undefined if it is not ours. */
export function toEventRows(event: Event, trace: DecodedToken | undefined, context: EventContext): AttributedRows | string {
  return event.action === 'exposure' ? exposureRows(event, trace, context) : actionRows(event, trace, context)
}

/** One row for each article shown. */
function exposureRows(event: Event, trace: DecodedToken | undefined, { viewer, pages, now }: EventContext): AttributedRows | string {
  if (viewer === undefined) return 'exposure events need a signed-in reader or a device id'
  const pageTrace = trace?.action === 'exposure' ? trace : undefined
  const page = pageTrace && pages.get(pageTrace.pageId)
  if (event.articleIds.length === 0 && !page)
    return pageTrace ? 'the page of this trace is no longer kept' : 'the trace is not that of a page of yours'
  const ids = event.articleIds.length > 0 ? event.articleIds : (page as ArticleId[])
  const rows = ids.map(articleId => {
    const position = page?.indexOf(articleId) ?? -1
    const row = { ...rowOf(event, viewer, articleId), once: undefined }
    if (!pageTrace || position < 0) return { ...row, ...NO_ORIGIN }
    const id = behaviourIdOf({ ...pageTrace, articleId })
    return { ...row, id, ...originOf(pageTrace, position, now) }
  })
  return { rows, traced: pageTrace !== undefined }
}

function actionRows(event: Event, trace: DecodedToken | undefined, { viewer, now, onceKeyOf }: EventContext): AttributedRows {
  const { action, at } = event
  const [articleId] = event.articleIds as [ArticleId]
  const row = { ...rowOf(event, viewer, articleId), once: onceKeyOf(action, articleId) }
  // Likes and dislikes have no traces of their own, so any trace of the article attributes them.
  const matches = trace?.articleId === articleId && (trace.action === action || action === 'like' || action === 'dislike')
  if (!trace || !matches) return { rows: [{ ...row, ...NO_ORIGIN }], traced: false }
  const origin = originOf(trace, trace.position, now)
  // The stay cannot be longer than the time since the page was served.
  const dwellMs = row.dwellMs === undefined ? undefined : Math.min(row.dwellMs, Math.max(0, at - trace.issuedAt))
  const id = viewer === undefined ? row.id : behaviourIdOf({ ...trace, action })
  return { rows: [{ ...row, id, dwellMs, ...origin }], traced: origin.pageId !== undefined }
}

type Origin = Pick<EventRow, 'pageId' | 'position'>

const NO_ORIGIN: Origin = { pageId: undefined, position: undefined }

/** A page older than two days did not lead to the event. */
const originOf = ({ pageId, issuedAt }: DecodedToken, position: number, now: number): Origin =>
  now - issuedAt <= TRACE_LIFE_MS ? { pageId, position } : NO_ORIGIN

/** The id is made from the client's own id of the event, so that an event sent again counts once. */
function rowOf(event: Event, viewer: string | undefined, articleId: ArticleId): Omit<EventRow, keyof Origin | 'once'> {
  const { action, at, dwellMs } = event
  const id = uuidFromText(`event ${viewer ?? 'anonymous'} ${event.id} ${action === 'exposure' ? articleId : ''}`)
  return { id, action, articleId, at, dwellMs, untraced: event.trace === undefined }
}
