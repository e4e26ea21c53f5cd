// Times and numbers as people read them. `pubdate` is a local time without a zone; the page's `timezone` meta tag names it.

import { LANGUAGE, translate } from './language.ts'

const zone = document.querySelector<HTMLMetaElement>('meta[name=timezone]')?.content ?? 'Asia/Shanghai'
const inZone = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })

/** Milliseconds since 1970 of `2026-01-31T08:00:00` in the server's zone. */
export function parseLocalTime(local: string): number {
  const asUtc = Date.parse(`${local}Z`)
  const offset = Date.parse(`${inZone.format(asUtc).replace(' ', 'T')}Z`) - asUtc
  return asUtc - offset
}

/** 2026-01-31, in the server's zone: statistics count its days. */
export const formatSiteDate = (at: number): string => inZone.format(at).slice(0, 10)

const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto', style: 'short' })
const day = new Intl.DateTimeFormat(LANGUAGE, { month: 'long', day: 'numeric' })
const dayAndTime = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeStyle: 'short' })
const weekday = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', month: 'long', day: 'numeric' })
const compact = new Intl.NumberFormat(LANGUAGE, { notation: 'compact', maximumFractionDigits: 1 })

/** Browsers say "this minute". */
const JUST_NOW = translate('刚刚', 'just now')

/** "5 minutes ago" within a week, then the date. */
export const formatAge = (local: string): string => formatAgeOf(parseLocalTime(local))

/** The same for milliseconds since 1970. */
export function formatAgeOf(at: number, now = Date.now()): string {
  const minutes = Math.max(0, Math.round((now - at) / 60_000))
  if (minutes === 0) return JUST_NOW
  if (minutes < 60) return relative.format(-minutes, 'minute')
  if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), 'hour')
  if (minutes < 7 * 24 * 60) return relative.format(-Math.round(minutes / 1440), 'day')
  return day.format(at)
}

export const formatTime = (local: string): string => dayAndTime.format(parseLocalTime(local))
/** The same for milliseconds since 1970. */
export const formatTimeOf = (at: number): string => dayAndTime.format(at)
export const formatToday = (): string => weekday.format(Date.now())
/** "1.2K" */
export const formatCount = (number: number): string => compact.format(number)
