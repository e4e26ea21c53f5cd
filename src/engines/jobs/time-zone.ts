// A time zone's offset from UTC and its changes. Wall times are milliseconds since 1970 as if the wall clock showed UTC.

import { DAY, MINUTE } from '../../base/clock.ts'

export interface TimeZone {
  /** In milliseconds: instant + offset = wall time. */
  offset(at: number): number
  /** The first instant after `from` with the offset of `until`. There must be exactly one change between them. */
  findChange(from: number, until: number): number
}

/** Changes of a zone's offset are smaller than this, and lie further apart. */
export const ZONE_CHANGE_MS = DAY

const QUARTER_MS = 15 * MINUTE
const KNOWN_MAX = 1_000 // ten days of quarters

export function createTimeZone(name: string): TimeZone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  // Offsets change only at quarters of an hour, and formatting costs microseconds: known offsets are kept by quarter.
  const known = new Map<number, number>()

  function offset(at: number): number {
    const quarter = Math.floor(at / QUARTER_MS)
    const knownOffset = known.get(quarter)
    if (knownOffset !== undefined) return knownOffset
    const start = quarter * QUARTER_MS
    const parts = Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, Number(value)])) as Record<string, number>
    const wallTime = Date.UTC(parts.year as number, (parts.month as number) - 1, parts.day, parts.hour, parts.minute, parts.second)
    if (known.size > KNOWN_MAX) known.clear()
    known.set(quarter, wallTime - start)
    return wallTime - start
  }

  /** By bisection, to the millisecond. */
  function findChange(from: number, until: number): number {
    const offsetAfter = offset(until)
    let [low, high] = [from, until]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offset(middle) === offsetAfter) high = middle
      else low = middle
    }
    return high
  }
  return { offset, findChange }
}
