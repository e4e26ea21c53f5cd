// Parsers of single fields of an import line. Each throws `invalid` with the name of the field.

import { DAY } from '../../base/clock.ts'
import { parseIsoTime } from '../../base/iso-time.ts'
import { invalid } from '../../base/problem.ts'
import { assertStorable, isLonger, normalizeLine } from '../../base/text.ts'
import type { ParseContext } from './article-line.ts'

/** Empty entries included. No list may have nearly as many. */
const LIST_PARTS_MAX = 1_000
const PUBLISHED_SINCE = Date.UTC(2000, 0, 1)

/** Trimmed text of 1 to `max` code points, as PostgreSQL counts characters; undefined if not given. */
export function parseText(field: string, value: unknown, max: number): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(`${field}: not a text`)
  const trimmed = assertStorable(field, value).trim()
  if (trimmed === '') throw invalid(`${field}: empty`)
  if (isLonger(trimmed, max)) throw invalid(`${field}: longer than ${max} characters`)
  return trimmed
}

/** A name or a title: as those that readers type, so that an import brings none that looks like another or like nothing. */
export function parseLine(field: string, value: unknown, max: number): string | undefined {
  const given = parseText(field, value, max)
  return given === undefined ? undefined : normalizeLine(`${field}:`, given, max)
}

/** Takes a list of texts, or one text with `|` as separator. Empty entries are dropped. */
export function parseList(field: string, value: unknown, max: number): string[] {
  if (value === undefined || value === null) return []
  const parts = typeof value === 'string' ? value.split('|', LIST_PARTS_MAX) : value
  if (!Array.isArray(parts)) throw invalid(`${field}: not a list`)
  if (parts.length >= LIST_PARTS_MAX) throw invalid(`${field}: more than ${max}`)
  if (parts.some(part => typeof part !== 'string')) throw invalid(`${field}: not a list of texts`)
  const filled = parts.filter(part => part.trim() !== '')
  if (filled.length > max) throw invalid(`${field}: more than ${max}`)
  return filled
}

export function parseBoolean(field: string, value: unknown): boolean {
  if (value === true || value === 'true' || value === '1' || value === 1) return true
  if (value === false || value === 'false' || value === '0' || value === 0) return false
  throw invalid(`${field}: neither true nor false`)
}

export function parseTime(field: string, value: unknown, { nowMs, localTime }: ParseContext): string | undefined {
  const given = parseText(field, value, 40) // longer than any date
  if (given === undefined) return undefined
  const time = parseIsoTime(given, localTime)
  if (!time) throw invalid(`${field}: not an ISO 8601 date`)
  const { at, fraction } = time
  if (!(at >= PUBLISHED_SINCE && at <= nowMs + DAY)) throw invalid(`${field}: before 2000 or after tomorrow`)
  return new Date(at).toISOString().replace(/\.\d+Z$/, `.${fraction.slice(0, 6).padEnd(6, '0')}Z`)
}
