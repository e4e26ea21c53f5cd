// `pubdate` is a local time without its zone; the server says in the page which zone that is.

import { LANGUAGE } from '../reader/words.ts'

const zone = document.querySelector<HTMLMetaElement>('meta[name=timezone]')?.content ?? 'Asia/Shanghai'
const inZone = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })

/** Milliseconds since 1970 of `2026-01-31T08:00:00` in the server's zone. */
export function momentOf(local: string): number {
  const asUtc = Date.parse(`${local}Z`)
  const offset = Date.parse(`${inZone.format(asUtc).replace(' ', 'T')}Z`) - asUtc
  return asUtc - offset
}

const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto', style: 'short' })
const day = new Intl.DateTimeFormat(LANGUAGE, { month: 'long', day: 'numeric' })
const whole = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'long', timeStyle: 'short' })
const compact = new Intl.NumberFormat(LANGUAGE, { notation: 'compact', maximumFractionDigits: 1 })

/** How long ago, as far as that is easier to grasp than a date. */
export function ago(local: string, now = Date.now()): string {
  const at = momentOf(local)
  const minutes = Math.max(0, Math.round((now - at) / 60_000))
  if (minutes < 60) return relative.format(-minutes, 'minute')
  if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), 'hour')
  if (minutes < 7 * 24 * 60) return relative.format(-Math.round(minutes / 1440), 'day')
  return day.format(at)
}

export const fullTime = (local: string): string => whole.format(momentOf(local))
export const today = (): string => new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', month: 'long', day: 'numeric' }).format(Date.now())
export const count = (number: number): string => compact.format(number)

/** The language of a text, so that it gets its own type and voice. */
export const languageOf = (text: string): 'zh-CN' | 'en' => (/[\u3400-\u9fff]/.test(text) ? 'zh-CN' : 'en')
