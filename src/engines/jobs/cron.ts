// Cron expressions in a time zone. croner finds the next time on a wall clock without daylight saving time; this file
// decides which instant that is. croner's own rule runs `*/30 2 * * *` four times in the night the clocks go back and not at
// all in the night they go forward (11.0.1).
//
// Skipped hour (clocks go forward): what falls into it runs once, right after it.
// Repeated hour (clocks go back): a pattern that names hours runs the first time only; one that holds for every hour of the
// day is meant as an interval and runs in both.

import { Cron } from 'croner'
import { type TimeZone, ZONE_CHANGE_MS } from './time-zone.ts'

/** The first slot after an instant, in milliseconds since 1970; undefined if there is none before the year 10000. */
export type NextSlot = (after: number) => number | undefined

/** Throws with a sentence if the expression is invalid. */
export function cronSchedule(expression: string, zone: TimeZone): NextSlot {
  const pattern = new Cron(expression, { timezone: 'UTC', paused: true })
  const everyHour = isEveryHour(expression)
  const nextWallTime = (wallTime: number) => pattern.nextRun(new Date(wallTime))?.getTime()

  /** The wall time at which the clocks went back, if that was within the last day; else minus infinity. */
  function endOfFirstPass(at: number): number {
    const offsetBefore = zone.offset(at - ZONE_CHANGE_MS)
    if (offsetBefore <= zone.offset(at)) return Number.NEGATIVE_INFINITY
    return zone.findChange(at - ZONE_CHANGE_MS, at) + offsetBefore
  }

  return function next(after: number): number | undefined {
    const offset = zone.offset(after)
    let wallTime = after + offset
    // Within the second pass of a repeated hour, the search continues where the first pass ended.
    if (!everyHour) wallTime = Math.max(wallTime, endOfFirstPass(after) - 1)
    const match = nextWallTime(wallTime)
    if (match === undefined) return undefined
    const instant = match - offset
    // The offset may change in between, even more than once: search again from shortly before.
    if (instant - after > 2 * ZONE_CHANGE_MS) return next(instant - ZONE_CHANGE_MS)
    if (zone.offset(instant) === offset) return instant
    const change = zone.findChange(after, instant)
    const offsetAfter = zone.offset(change)
    if (offsetAfter > offset && match < change + offsetAfter) return change // the match is within the skipped hour
    if (offsetAfter > offset || !everyHour) return match - offsetAfter
    const matchAfter = nextWallTime(change + offsetAfter - 1)
    return matchAfter === undefined ? undefined : matchAfter - offsetAfter
  }
}

function isEveryHour(expression: string): boolean {
  const fields = expression.trim().split(/\s+/)
  // Five fields begin with the minute, six and seven with the second.
  const hours = fields.length === 1 ? fields[0] : fields.at(fields.length === 5 ? 1 : 2)
  return /^(\*|\?|\*\/1|0-23|@hourly)$/.test(hours as string)
}
