// When a job is due, written as one line of text, in the code as on the command line and in the table:
//   0 3 * * *                a cron expression, with seconds if it has six fields
//   every 10m                at multiples of that since 1970: ms, s, m, h or d
//   at 2026-11-20T03:00:00Z  once

import { DAY, HOUR, MINUTE, SECOND } from '../../base/clock.ts'
import { invalid } from '../../base/problem.ts'
import { cron, type Next } from './cron.ts'
import { createTimeZone } from './time-zone.ts'

export interface Schedule {
  text: string
  /** The first slot after an instant. */
  next: Next
  /** For schedules that can say so without counting: how many slots are after `after`, up to `until`. */
  count?: (after: number, until: number) => number
}

/** Longer than any schedule that means something, and short enough to be read at once. */
const TEXT_MAX = 200
/** Ten a second are more than a table of runs should hold for long; a year and a day is longer than any season. */
const EVERY_MIN = 100
const EVERY_MAX = 366 * DAY
const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }
/** PostgreSQL and JavaScript both go on for longer. */
const LAST = Date.UTC(9999, 0)

/** Throws `invalid` with a sentence about what is wrong. `zone` is whose clocks cron expressions mean. */
export function parseSchedule(given: string, zone: string): Schedule {
  if (given.length > TEXT_MAX) throw invalid(`A schedule has at most ${TEXT_MAX} characters.`)
  const text = given.trim().replace(/\s+/g, ' ')
  if (/^every\b/i.test(text)) return every(text)
  if (/^at\b/i.test(text)) return once(text)
  if (!/^(@\w+|\S+( \S+){4,6})$/.test(text))
    throw invalid('A schedule is a cron expression such as "0 3 * * *", "every 10m" or "at 2026-11-20T03:00:00Z".')
  try {
    return { text, next: cron(text, createTimeZone(zone)) }
  } catch (err) {
    throw invalid(`"${text}" is no cron expression: ${(err as Error).message.replace(/^CronPattern: /, '')}`)
  }
}

function every(text: string): Schedule {
  const [, digits = '', unit = ''] = /^every (\d{1,12}) ?(ms|s|m|h|d)$/i.exec(text) ?? []
  const ms = Number(digits) * (UNITS[unit.toLowerCase()] ?? Number.NaN)
  if (!(ms >= EVERY_MIN && ms <= EVERY_MAX)) throw invalid('An interval is "every", a number, and ms, s, m, h or d: from 100ms to 366d.')
  const next = (after: number) => (Math.floor(after / ms) + 1) * ms
  return { text, next, count: (after, until) => Math.max(0, Math.floor(until / ms) - Math.floor(after / ms)) }
}

function once(text: string): Schedule {
  const moment = text.slice(3)
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/i.test(moment)
  const at = isWhole ? Date.parse(moment) : Number.NaN
  if (!(at > 0 && at < LAST)) throw invalid('A moment is written with its zone, as in "at 2026-11-20T03:00:00Z".')
  return { text, next: after => (at > after ? at : undefined) }
}
