// How far a zone's clocks are ahead of UTC, and when that changes. Times on the wall are written as if they were UTC.

import { DAY, MINUTE } from '../../base/clock.ts'

export interface TimeZone {
  /** In milliseconds, to be added to an instant to get what clocks on the wall show. */
  offset(at: number): number
  /** The first instant after `from`, up to `until`, at which the offset is that of `until`; there is one change between. */
  change(from: number, until: number): number
}

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
  // Offsets change on whole quarters of an hour and asking costs microseconds, so the last answers are kept.
  const known = new Map<number, number>()

  function offset(at: number): number {
    const quarter = Math.floor(at / (15 * MINUTE))
    const remembered = known.get(quarter)
    if (remembered !== undefined) return remembered
    const start = quarter * 15 * MINUTE
    const part = Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, Number(value)])) as Record<string, number>
    const wall = Date.UTC(part.year as number, (part.month as number) - 1, part.day, part.hour, part.minute, part.second)
    if (known.size > 1_000) known.clear() // ten days of quarters
    known.set(quarter, wall - start)
    return wall - start
  }

  function change(from: number, until: number): number {
    const after = offset(until)
    let [low, high] = [from, until]
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offset(middle) === after) high = middle
      else low = middle
    }
    return high
  }
  return { offset, change }
}

/** Two changes of a zone are further apart than this, and none is larger. */
export const CHANGE_SPAN = DAY
