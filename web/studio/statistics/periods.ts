// The periods a creator can choose from, as dates of the server's API.

import { LANGUAGE } from '../../shared/language.ts'
import { statisticsWords as words } from './statistics-words.ts'

export const DAYS = [7, 30, 90]
const DAY_MS = 86_400_000
const dateOf = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' })

/** Query parameters; `days` 0 is all time. Today is the last of the days. */
export function periodQuery(days: number, now: number): string {
  if (days === 0) return ''
  return `begin_pubdate=${dateOf.format(now - (days - 1) * DAY_MS)}&end_pubdate=${dateOf.format(now)}`
}

export const PERIODS = [{ value: '0', label: words.allTime }, ...DAYS.map(days => ({ value: String(days), label: words.lastDays(days) }))]

export const percent = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 0 })
