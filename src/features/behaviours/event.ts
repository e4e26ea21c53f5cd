// One event as clients send it, read field by field: one that cannot be taken says why, and takes no other with it.

import { DAY } from '../../base/clock.ts'
import { type ArticleId, readId } from '../../base/id.ts'

export const ACTIONS = ['exposure', 'click', 'read', 'collect', 'share', 'like', 'dislike'] as const
export type Action = (typeof ACTIONS)[number]

export interface Event {
  id: string
  action: Action
  /** Empty for the exposure of a whole page, which its trace names. */
  articleIds: ArticleId[]
  trace: string | undefined
  dwellMs: number | undefined
  /** Milliseconds since 1970; never later than now. */
  at: number
}

const ID = /^[!-~]{1,64}$/ // as ids of devices: a UUID has 36
// Ours have 65 characters; those of another recommender are let pass, but not without end.
const TRACE_MAX = 1_024
const LIST_MAX = 100
// A phone that was offline for a week still tells; what is older says nothing of what its reader wants now.
export const EVENT_AGE_MAX = 7 * DAY
// Nobody reads one article longer: a tab was left open.
export const DWELL_MAX_MS = 3_600_000

/** The event, or in one sentence what is wrong with it. */
export function parseEvent(raw: unknown, now: number): Event | string {
  if (typeof raw !== 'object' || raw === null) return 'an event must be an object'
  const { id, action, article_id: one, article_ids: list, trace, dwell_ms: dwell, at } = raw as Record<string, unknown>
  if (typeof id !== 'string' || !ID.test(id)) return 'id must be a text of 1 to 64 printable characters without spaces'
  if (!ACTIONS.includes(action as Action)) return `action must be one of ${ACTIONS.join(', ')}`
  if (trace !== undefined && trace !== null && (typeof trace !== 'string' || trace.length > TRACE_MAX))
    return `trace must be a text of at most ${TRACE_MAX} characters`
  const articleIds = parseArticleIds(action as Action, one ?? undefined, list ?? undefined, trace)
  if (typeof articleIds === 'string') return articleIds
  if (dwell !== undefined && dwell !== null && !(typeof dwell === 'number' && dwell >= 0)) return 'dwell_ms must be a number of 0 or more'
  const moment = parseTime(at)
  if (moment === undefined) return 'at must be milliseconds since 1970, or a moment such as 2026-01-31T08:00:00Z'
  if (moment < now - EVENT_AGE_MAX) return 'at is more than seven days ago'
  return {
    id,
    action: action as Action,
    articleIds,
    trace: (trace as string | null | undefined) || undefined,
    dwellMs: typeof dwell === 'number' ? Math.round(Math.min(dwell, DWELL_MAX_MS)) : undefined,
    // The clocks of clients are wrong: what has happened, has happened by now.
    at: Math.min(moment, now),
  }
}

function parseArticleIds(action: Action, one: unknown, list: unknown, trace: unknown): ArticleId[] | string {
  if (list !== undefined) {
    if (action !== 'exposure') return 'article_ids is for exposures: other actions have one article each'
    if (!Array.isArray(list) || list.length === 0 || list.length > LIST_MAX) return `article_ids must be a list of 1 to ${LIST_MAX} ids`
    const ids = [...list, ...(one === undefined ? [] : [one])].map(parseArticleId)
    return ids.every(id => id !== undefined) ? [...new Set(ids)] : 'article_ids must hold ids only'
  }
  if (one === undefined) return action === 'exposure' && trace ? [] : 'article_id is required'
  const id = parseArticleId(one)
  return id === undefined ? 'article_id must be an id' : [id]
}

const parseArticleId = (value: unknown) => readId(value) as ArticleId | undefined

/** With its zone: without one it would be somebody's local time, and nobody knows whose. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

function parseTime(value: unknown): number | undefined {
  if (typeof value === 'string' && ISO_TIME.test(value)) {
    const at = Date.parse(value)
    return Number.isNaN(at) ? undefined : at
  }
  if (typeof value === 'bigint') return value > 0n ? Number.MAX_SAFE_INTEGER : undefined
  // Clocks of browsers have fractions; ours, and what is reckoned from them, are whole.
  return typeof value === 'number' && value > 0 ? Math.min(Math.round(value), Number.MAX_SAFE_INTEGER) : undefined
}
