// Parses one event as clients send it. An invalid event is refused with a reason, and does not affect the others of its batch.

import { DAY } from '../../base/clock.ts'
import { type ArticleId, readId } from '../../base/id.ts'
import { parseMoment } from '../../base/iso-time.ts'
import { isMissing } from '../../base/missing.ts'

export const ACTIONS = ['exposure', 'click', 'read', 'collect', 'share', 'like', 'dislike'] as const
export type Action = (typeof ACTIONS)[number]

export interface Event {
  id: string
  action: Action
  /** Empty for the exposure of a whole page, which the trace identifies. */
  articleIds: ArticleId[]
  trace: string | undefined
  dwellMs: number | undefined
  /** Milliseconds since 1970; never in the future. */
  at: number
}

const ID = /^[!-~]{1,64}$/ // the same form as device ids; a UUID has 36 characters
// Our traces have 65 characters; those of other recommenders are accepted up to this length.
const TRACE_LENGTH_MAX = 1_024
const ARTICLES_MAX = 100
// A phone may have been offline for a week. Older events say nothing about the reader's current interests.
export const EVENT_AGE_MAX = 7 * DAY
// A longer stay means that a tab was left open.
export const DWELL_MAX_MS = 3_600_000

/** Returns the event, or a sentence that says what is wrong with it. */
export function parseEvent(raw: unknown, now: number): Event | string {
  if (typeof raw !== 'object' || raw === null) return 'an event must be an object'
  const { id, action, article_id: articleId, article_ids: articleIdList, trace, dwell_ms: dwell, at } = raw as Record<string, unknown>
  if (typeof id !== 'string' || !ID.test(id)) return 'id must be a text of 1 to 64 printable characters without spaces'
  if (!ACTIONS.includes(action as Action)) return `action must be one of ${ACTIONS.join(', ')}`
  if (trace !== undefined && trace !== null && (typeof trace !== 'string' || trace.length > TRACE_LENGTH_MAX))
    return `trace must be a text of at most ${TRACE_LENGTH_MAX} characters`
  const articleIds = parseArticleIds(action as Action, articleId ?? undefined, articleIdList ?? undefined, trace)
  if (typeof articleIds === 'string') return articleIds
  if (dwell !== undefined && dwell !== null && !(typeof dwell === 'number' && dwell >= 0)) return 'dwell_ms must be a number of 0 or more'
  const time = parseTime(at)
  if (time === undefined) return 'at must be milliseconds since 1970, or a moment such as 2026-01-31T08:00:00Z'
  if (time < now - EVENT_AGE_MAX) return 'at is more than seven days ago'
  return {
    id,
    action: action as Action,
    articleIds,
    trace: typeof trace === 'string' && !isMissing(trace) ? trace : undefined,
    dwellMs: typeof dwell === 'number' ? Math.round(Math.min(dwell, DWELL_MAX_MS)) : undefined,
    // The clocks of clients may be ahead of ours.
    at: Math.min(time, now),
  }
}

function parseArticleIds(action: Action, single: unknown, list: unknown, trace: unknown): ArticleId[] | string {
  if (list !== undefined) {
    if (action !== 'exposure') return 'article_ids is for exposures: other actions have one article each'
    if (!Array.isArray(list) || list.length === 0 || list.length > ARTICLES_MAX)
      return `article_ids must be a list of 1 to ${ARTICLES_MAX} ids`
    const ids = [...list, ...(single === undefined ? [] : [single])].map(parseArticleId)
    return ids.every(id => id !== undefined) ? [...new Set(ids)] : 'article_ids must hold ids only'
  }
  if (single === undefined) return action === 'exposure' && trace ? [] : 'article_id is required'
  const id = parseArticleId(single)
  return id === undefined ? 'article_id must be an id' : [id]
}

const parseArticleId = (value: unknown) => readId(value) as ArticleId | undefined

function parseTime(value: unknown): number | undefined {
  if (typeof value === 'string') return parseMoment(value)
  if (typeof value === 'bigint') return value > 0n ? Number.MAX_SAFE_INTEGER : undefined
  // Clocks of browsers have fractions of a millisecond; stored times have none.
  return typeof value === 'number' && value > 0 ? Math.min(Math.round(value), Number.MAX_SAFE_INTEGER) : undefined
}
