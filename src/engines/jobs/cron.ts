// Cron expressions by the clocks of a zone. The library finds the next time on a wall clock without seasons; which
// instant that is, is decided here, because its own rule lets `*/30 2 * * *` run four times on the night the clocks go
// back and not at all on the night they go forward.
//
// An hour that is skipped: what would have been in it runs once, right after it.
// An hour that is repeated: what names its hours runs the first time only. A pattern that holds for every hour of the day
// means "so often", and goes on through both.

import { Cron } from 'croner'
import { CHANGE_SPAN, type TimeZone } from './time-zone.ts'

/** The first instant after `after`; undefined when there is none before the year 10000. */
export type Next = (after: number) => number | undefined

/** Throws with a sentence when the expression is none. */
export function cron(expression: string, zone: TimeZone): Next {
  const pattern = new Cron(expression, { timezone: 'UTC', paused: true })
  const everyHour = isEveryHour(expression)
  const nextWall = (wall: number) => pattern.nextRun(new Date(wall))?.getTime()

  /** Where the wall clock stood before it was set back, if that was within the last day. */
  function repeatedUntil(at: number): number {
    const before = zone.offset(at - CHANGE_SPAN)
    if (before <= zone.offset(at)) return Number.NEGATIVE_INFINITY
    return zone.change(at - CHANGE_SPAN, at) + before
  }

  return function next(after: number): number | undefined {
    const offset = zone.offset(after)
    let wall = after + offset
    // A second pass over the same wall times begins at or after the end of the first, which counts as the last look.
    if (!everyHour) wall = Math.max(wall, repeatedUntil(after) - 1)
    const match = nextWall(wall)
    if (match === undefined) return undefined
    const instant = match - offset
    // Seasons may come and go until then: begin again close to it.
    if (instant - after > 2 * CHANGE_SPAN) return next(instant - CHANGE_SPAN)
    if (zone.offset(instant) === offset) return instant
    const change = zone.change(after, instant)
    const later = zone.offset(change)
    if (later > offset && match < change + later) return change
    if (later > offset || !everyHour) return match - later
    const again = nextWall(change + later - 1)
    return again === undefined ? undefined : again - later
  }
}

function isEveryHour(expression: string): boolean {
  const fields = expression.trim().split(/\s+/)
  // Five fields begin with the minute, six and seven with the second.
  const hours = fields.length === 1 ? fields[0] : fields.at(fields.length === 5 ? 1 : 2)
  return /^(\*|\?|\*\/1|0-23|@hourly)$/.test(hours as string)
}
