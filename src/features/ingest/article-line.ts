// Parses one line of an import, or says what is wrong with it.

import { createHash } from 'node:crypto'
import { ARTICLE_STATUS } from '../../base/article-status.ts'
import { isRecommendedChannelName } from '../../base/id.ts'
import { plainText } from '../../base/plain-text.ts'
import { invalid, Problem } from '../../base/problem.ts'
import { assertHtmlSize } from '../../base/sanitize-html.ts'
import { assertStorable, isBlank } from '../../base/text.ts'
import { parseBoolean, parseLine, parseList, parseText, parseTime } from './fields.ts'

/**
 * The format of import and export: one JSON object per line. In CSV the names are the columns, and lists are separated by
 * `|`. Only `title` is required. Unknown fields are ignored.
 *
 * | field | |
 * |---|---|
 * | `title` | 1–256 characters |
 * | `html` (or `content`), or `text` | the article, at most 1 MiB. Plain text becomes paragraphs. Default: the title and the keywords |
 * | `channel` (or `category_zh`) | the channel's name, 1–32 characters, created if missing. Default: 综合 |
 * | `author` | the creator's name, 1–32 characters, created if missing. Default: one creator per channel |
 * | `keywords` | at most 20 of at most 100 characters |
 * | `cover` | 0, 1 or 3 pictures: http(s) URLs, or paths on this server; at most 512 characters |
 * | `status` | 0 draft, 1 to review, 2 published, 3 refused, 4 deleted, 5 banned. Default: 2 |
 * | `allow_comment` | Default: true |
 * | `published_at` | ISO 8601, since 2000. Without a zone, the setting TIMEZONE applies. Default: spread over the last 30 days |
 * | `source_id` | two lines with the same id are the same article. Default: a hash of `source` and `title` |
 */
export interface ArticleLine {
  source_id: string
  title: string
  html: string
  channel: string
  /** Undefined: the channel's own creator. */
  author: string | undefined
  keywords: string[]
  cover: string[]
  status: number
  allow_comment: boolean
  /** ISO 8601 in UTC, with microseconds. Undefined: derived from the line's place in the file. */
  published_at: string | undefined
}

export interface ParseContext {
  nowMs: number
  /** Formats a time in the zone of the setting TIMEZONE. */
  localTime: (at: Date) => string
  /** Removes HTML that is unsafe for readers: imports are not trusted. Throws `invalid` for HTML it does not clean. */
  sanitizeHtml: (html: string) => string
}

const SOURCE_ID_MAX = 256
const DEFAULT_CHANNEL = '综合'

type Fields = Record<string, unknown>

/** Throws `invalid` with the name of the field in its message. */
export function parseArticle(value: unknown, context: ParseContext): ArticleLine {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('is not an object')
  const fields = value as Fields
  const given = parseText('title', fields.title, 256)
  const title = parseLine('title', given, 256)
  if (given === undefined || title === undefined) throw invalid('title: missing')
  const keywords = parseList('keywords', fields.keywords, 20).map(keyword => parseLine('keywords', keyword, 100) as string)
  const cover = parseList('cover', fields.cover, 3).map(parseCoverAddress)
  if (cover.length === 2) throw invalid('cover: 0, 1 or 3 pictures')
  return {
    source_id: parseSourceId(fields, given),
    title,
    html: parseBody(fields, title, keywords, context.sanitizeHtml),
    channel: parseChannel(fields.channel ?? fields.category_zh),
    author: parseLine('author', fields.author, 32),
    keywords,
    cover,
    status: parseStatus(fields.status),
    allow_comment: parseBoolean('allow_comment', fields.allow_comment ?? true),
    published_at: parseTime('published_at', fields.published_at, context),
  }
}

export function refusalReasonOf(err: unknown): string {
  if (err instanceof Problem && err.kind === 'invalid') return err.message
  throw err
}

function parseChannel(value: unknown): string {
  const channel = parseLine('channel', value, 32) ?? DEFAULT_CHANNEL
  if (isRecommendedChannelName(channel)) throw invalid(`channel: ${channel} is the recommended channel`)
  return channel
}

function parseSourceId(fields: Fields, title: string): string {
  const isNumber = Number.isSafeInteger(fields.source_id) || typeof fields.source_id === 'bigint'
  const given = isNumber ? String(fields.source_id) : fields.source_id
  const source = typeof fields.source === 'string' ? fields.source : ''
  return (
    parseText('source_id', given, SOURCE_ID_MAX) ??
    createHash('sha256')
      .update(JSON.stringify([source, title]))
      .digest('hex')
  )
}

function parseBody(fields: Fields, title: string, keywords: string[], sanitizeHtml: (html: string) => string): string {
  const field = ['html', 'content', 'text'].find(name => fields[name] !== undefined && fields[name] !== null)
  if (!field) return toParagraphs([title, keywords.join(' ')])
  const value = fields[field]
  if (typeof value !== 'string') throw invalid(`${field}: not a text`)
  assertStorable(field, value)
  try {
    assertHtmlSize(value) // before anything that takes longer for longer texts
    const html = field === 'text' ? toParagraphs(value.split(/\r?\n/)) : sanitizeHtml(value)
    assertHtmlSize(html)
    assertKept(value, html)
    return html
  } catch (err) {
    throw invalid(`${field}: ${refusalReasonOf(err)}`)
  }
}

/** An article that would be empty although its line is not is refused, so that its text is not lost silently. */
function assertKept(given: string, html: string): void {
  if (given.includes('<![CDATA[')) throw invalid('CDATA is of XML: write its text as HTML')
  if (isBlank(plainText(html)) && !isBlank(plainText(given)) && !html.includes('<img')) throw invalid('nothing of it may be shown')
}

function toParagraphs(texts: string[]): string {
  return texts
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => `<p>${part.replace(/[&<>]/g, mark => ({ '&': '&amp;', '<': '&lt;' })[mark] ?? '&gt;')}</p>`)
    .join('')
}

function parseCoverAddress(value: unknown): string {
  const given = parseText('cover', value, 512) as string
  const absolute = /^https?:\/\//i.test(given) && URL.canParse(given)
  // A path must stay on this server: no scheme, no host, no parent folder.
  const path = !given.includes(':') && !/^[/\\]{2}/.test(given) && !/(^|\/)\.\.(\/|$)/.test(given)
  if (!(absolute || path) || /[\s"'<>\\\p{Cc}]/u.test(given)) throw invalid('cover: neither an http(s) address nor a path')
  return given
}

function parseStatus(value: unknown): number {
  const number =
    value === undefined || value === null
      ? ARTICLE_STATUS.published
      : typeof value === 'string' && /^\d$/.test(value)
        ? Number(value)
        : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 5) throw invalid('status: not one of 0 to 5')
  return number
}
