// Schedules, written as one line of text in the code, on the command line and in the table:
//   0 3 * * *                a cron expression; six fields begin with the second
//   every 10m                an interval, at multiples of it since 1970: ms, s, m, h or d
//   at 2026-11-20T03:00:00Z  once

import { DAY, HOUR, MINUTE, SECOND } from '../../base/clock.ts'
import { parseMoment } from '../../base/iso-time.ts'
import { invalid } from '../../base/problem.ts'
import { cronSchedule, type NextSlot } from './cron.ts'
import { createTimeZone } from './time-zone.ts'

export interface Schedule {
  text: string
  next: NextSlot
  /** The number of slots after `after`, up to `until`; only for schedules that need not list them. */
  count?: (after: number, until: number) => number
}

/** Longer than any useful schedule, and quickly parsed. */
const TEXT_MAX = 200
/** More than ten slots a second would fill the table of runs. */
const INTERVAL_MIN_MS = 100
const INTERVAL_MAX_MS = 366 * DAY
const UNITS_MS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }
/** Within what both PostgreSQL and JavaScript can represent. */
const ONE_SHOT_END = Date.UTC(9999, 0)

/** Throws `invalid` with a sentence that says what is wrong. `zone` is the time zone of cron expressions. */
export function parseSchedule(input: string, zone: string): Schedule {
  if (input.length > TEXT_MAX) throw invalid(`A schedule has at most ${TEXT_MAX} characters.`)
  const text = input.trim().replace(/\s+/g, ' ')
  if (/^every\b/i.test(text)) return parseInterval(text)
  if (/^at\b/i.test(text)) return parseOneShot(text)
  if (!/^(@\w+|\S+( \S+){4,6})$/.test(text))
    throw invalid('A schedule is a cron expression such as "0 3 * * *", "every 10m" or "at 2026-11-20T03:00:00Z".')
  try {
    return { text, next: cronSchedule(text, createTimeZone(zone)) }
  } catch (err) {
    throw invalid(`"${text}" is not a cron expression: ${(err as Error).message.replace(/^CronPattern: /, '')}`)
  }
}

function parseInterval(text: string): Schedule {
  const [, digits = '', unit = ''] = /^every (\d{1,12}) ?(ms|s|m|h|d)$/i.exec(text) ?? []
  const ms = Number(digits) * (UNITS_MS[unit.toLowerCase()] ?? Number.NaN)
  if (!(ms >= INTERVAL_MIN_MS && ms <= INTERVAL_MAX_MS))
    throw invalid('An interval is "every", a number, and ms, s, m, h or d: from 100ms to 366d.')
  const next = (after: number) => (Math.floor(after / ms) + 1) * ms
  return { text, next, count: (after, until) => Math.max(0, Math.floor(until / ms) - Math.floor(after / ms)) }
}

function parseOneShot(text: string): Schedule {
  const moment = text.slice(3)
  const at = parseMoment(moment) ?? Number.NaN
  if (!(at > 0 && at < ONE_SHOT_END))
    throw invalid('A moment is a date before the year 9999, written with its zone, as in "at 2026-11-20T03:00:00Z".')
  return { text, next: after => (at > after ? at : undefined) }
}

/** A slot as the database takes it; null when there is none. */
export const toSlot = (at: number | undefined): Date | null => (at === undefined ? null : new Date(at))
