// Parses one line of an import of behaviours, or says what is wrong with it.

import { DAY } from '../../../base/clock.ts'
import { type ArticleId, parseId, type ReaderId, readId } from '../../../base/id.ts'
import { parseIsoTime } from '../../../base/iso-time.ts'
import { invalid, Problem } from '../../../base/problem.ts'
import { assertStorable, isLonger } from '../../../base/text.ts'
import { type Viewer, viewerOfDevice } from '../../../base/viewer.ts'
import { ACTIONS, type Action, DWELL_MAX_MS } from '../event.ts'
import { KEPT_DAYS } from '../retention.sql.ts'

/**
 * The format of an import: one JSON object per line; in CSV the names are the columns. Unknown fields are ignored.
 *
 * | field | |
 * |---|---|
 * | `reader_id` or `device_id` | who: the id of a reader here, or 1–64 printable characters of the operator's choice |
 * | `article_id` or `source_id` | the article here, or the source id of an imported one |
 * | `action` | exposure, click, read, collect, share, like, dislike |
 * | `at` | milliseconds since 1970, or ISO 8601; an exposure of the last 30 days, another action of the last 400. Without a zone, the setting TIMEZONE applies |
 * | `dwell_ms` | how long the viewer stayed, for `read` |
 * | `id` | two lines of a viewer with the same id are one behaviour. Default: who, what, which and when |
 */
export interface BehaviourLine {
  viewer: Viewer & { kind: 'reader' | 'device' }
  article: { id: ArticleId } | { sourceId: string }
  action: Action
  at: number
  dwellMs: number | undefined
  id: string | undefined
}

export interface LineContext {
  now: number
  /** Formats a time in the zone of the setting TIMEZONE. */
  localTime: (at: Date) => string
}

type Fields = Record<string, unknown>

const TEXT_MAX = 256 // as long as a source id

/** Returns a sentence that begins with the field's name if the line is refused. */
export function parseBehaviourLine(value: unknown, context: LineContext): BehaviourLine | string {
  try {
    return parse(value, context)
  } catch (err) {
    if (err instanceof Problem && err.kind === 'invalid') return err.message
    throw err
  }
}

function parse(value: unknown, { now, localTime }: LineContext): BehaviourLine {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('is not an object')
  const fields = value as Fields
  const action = ACTIONS.find(each => each === fields.action)
  if (!action) throw invalid(`action: not one of ${ACTIONS.join(', ')}`)
  const viewer = parseViewer(fields)
  const article = parseArticle(fields)
  const at = parseAt(fields.at, localTime)
  if (at > now) throw invalid('at: in the future')
  const days = action === 'exposure' ? KEPT_DAYS.exposure : KEPT_DAYS.other
  if (at < now - days * DAY) throw invalid(`at: an action of this kind is kept for ${days} days`)
  return { viewer, article, action, at, dwellMs: parseDwell(fields.dwell_ms), id: parseText('id', fields.id) }
}

function parseViewer({ reader_id: readerId, device_id: deviceId }: Fields): BehaviourLine['viewer'] {
  if (isGiven(readerId) && isGiven(deviceId)) throw invalid('reader_id, device_id: only one of them may be given')
  if (isGiven(readerId)) return { kind: 'reader', id: parseAnyId('reader_id', readerId) as ReaderId }
  const viewer = typeof deviceId === 'string' ? viewerOfDevice(deviceId) : undefined
  if (viewer?.kind !== 'device') throw invalid('device_id: not 1 to 64 printable characters without spaces')
  return viewer
}

function parseArticle({ article_id: articleId, source_id: sourceId }: Fields): BehaviourLine['article'] {
  if (isGiven(articleId) && isGiven(sourceId)) throw invalid('article_id, source_id: only one of them may be given')
  if (isGiven(articleId)) return { id: parseAnyId('article_id', articleId) as ArticleId }
  const given = parseText('source_id', sourceId)
  if (given === undefined) throw invalid('article_id or source_id: missing')
  return { sourceId: given }
}

function parseAt(value: unknown, localTime: (at: Date) => string): number {
  if (!isGiven(value)) throw invalid('at: missing')
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d{9,16}$/.test(value) ? Number(value) : undefined
  const at = number ?? (typeof value === 'string' && value.length <= 40 ? parseIsoTime(value, localTime)?.at : undefined)
  if (at === undefined || !Number.isFinite(at)) throw invalid('at: neither milliseconds nor an ISO 8601 date')
  return Math.round(at)
}

function parseDwell(value: unknown): number | undefined {
  if (!isGiven(value)) return undefined
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  const ms = isNumber || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value)) ? Number(value) : undefined
  if (ms === undefined || !(ms >= 0)) throw invalid('dwell_ms: not a number of 0 or more')
  return Math.round(Math.min(ms, DWELL_MAX_MS))
}

function parseText(field: string, value: unknown): string | undefined {
  if (!isGiven(value)) return undefined
  if (typeof value !== 'string' || isLonger(value, TEXT_MAX)) throw invalid(`${field}: not a text of up to ${TEXT_MAX} characters`)
  return assertStorable(field, value)
}

function parseAnyId(field: string, value: unknown): bigint {
  const id = typeof value === 'string' ? parseId(value) : readId(value)
  if (id === undefined) throw invalid(`${field}: not an id`)
  return id
}

/** An empty column of a CSV file is not given. */
const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''
