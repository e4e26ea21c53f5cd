// Turns a parsed event into the rows to insert, and attributes them: the trace of an event names the page and the position
// that led to it. A trace counts only if it is ours, was issued to this viewer and is about the same article.

import type { ArticleId, PageId, ReaderId } from '../../base/id.ts'
import type { DecodedToken } from '../../recommend/tracking-tokens.ts'
import { behaviourIdOf, uuidFromText } from './behaviour-id.ts'
import { TRACE_LIFE_MS } from './behaviours.ts'
import type { Event } from './event.ts'
import type { EventRow } from './events.sql.ts'

export interface EventContext {
  /** The viewer's key; undefined for an anonymous viewer. */
  viewer: string | undefined
  readerId: ReaderId | undefined
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
function exposureRows(event: Event, trace: DecodedToken | undefined, context: EventContext): AttributedRows | string {
  if (context.viewer === undefined) return 'exposure events need a signed-in reader or a device id'
  const pageTrace = trace?.action === 'exposure' ? trace : undefined
  const page = pageTrace && context.pages.get(pageTrace.pageId)
  if (event.articleIds.length === 0 && !page)
    return pageTrace ? 'the page of this trace is no longer kept' : 'the trace is not that of a page of yours'
  const ids = event.articleIds.length > 0 ? event.articleIds : (page as ArticleId[])
  const rows = ids.map(articleId => {
    const position = page?.indexOf(articleId) ?? -1
    if (!pageTrace || position < 0) return rowOf(event, articleId, context)
    return rowOf(event, articleId, context, { ...pageTrace, position })
  })
  return { rows, traced: pageTrace !== undefined }
}

function actionRows(event: Event, trace: DecodedToken | undefined, context: EventContext): AttributedRows {
  const { action, at } = event
  const [articleId] = event.articleIds as [ArticleId]
  // Likes and dislikes have no traces of their own, so any trace of the article attributes them.
  const matches = trace?.articleId === articleId && (trace.action === action || action === 'like' || action === 'dislike')
  const row = rowOf(event, articleId, context, matches ? trace : undefined)
  row.once = context.onceKeyOf(action, articleId)
  if (!matches) return { rows: [row], traced: false }
  // The stay cannot be longer than the time since the page was served.
  if (row.dwellMs !== undefined) row.dwellMs = Math.min(row.dwellMs, Math.max(0, at - trace.issuedAt))
  return { rows: [row], traced: row.pageId !== undefined }
}

type Origin = Pick<DecodedToken, 'pageId' | 'position' | 'issuedAt'>

/** The same event makes the same id, so that it counts once however often it is sent: by its page, or else by the client's own id of it. */
function rowOf(event: Event, articleId: ArticleId, { viewer, readerId, now }: EventContext, trace?: Origin): EventRow {
  const { action, at, dwellMs } = event
  const id =
    trace && viewer !== undefined
      ? behaviourIdOf({ action, pageId: trace.pageId, articleId })
      : uuidFromText(`event ${viewer ?? 'anonymous'} ${event.id} ${action === 'exposure' ? articleId : ''}`)
  // A page older than two days did not lead to the event.
  const origin = trace && now - trace.issuedAt <= TRACE_LIFE_MS ? trace : undefined
  return {
    id,
    once: undefined,
    action,
    viewer,
    readerId,
    articleId,
    pageId: origin?.pageId,
    position: origin?.position,
    untraced: event.trace === undefined,
    dwellMs,
    at,
  }
}
