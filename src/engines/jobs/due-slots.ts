// Which of the slots that are due will run. Those that came due while nobody looked are late; a job's catch-up policy
// says how many of them are made up for, and the others are counted as missed.

import { SECOND } from '../../base/clock.ts'
import type { CatchUp } from '../../base/job.ts'
import type { Schedule } from './schedule.ts'

export interface DueSlots {
  /** Oldest first. */
  run: number[]
  missed: number
  /** The first slot that is not due yet. */
  next: number | undefined
}

/** A worker that is restarted, or one whose claims another takes over, is back sooner; nothing younger counts as missed. */
const LATE_MS = 10 * SECOND
/** A thousand runs in a row are what a worker does in minutes; who needs more after an outage needs no schedule. */
export const CATCH_UP_MAX = 1_000
/** Further than this, missed slots of a cron expression are not counted: it takes a while. */
const LISTED_MAX = 4_000

/** `from` is the first slot not looked at yet, and not after `now`. */
export function findDueSlots(schedule: Schedule, from: number, now: number, catchUp: CatchUp): DueSlots {
  const wanted = catchUp === 'none' ? 0 : catchUp === 'latest' ? 1 : Math.min(catchUp.all, CATCH_UP_MAX)
  const { slots, all } = slotsOf(schedule, from, now)
  const punctual = slots.findIndex(slot => slot > now - LATE_MS)
  const first = Math.min(punctual === -1 ? slots.length : punctual, Math.max(0, slots.length - wanted))
  return { run: slots.slice(first), missed: all - (slots.length - first), next: schedule.next(now) }
}

/** The slots that are due, and how many they are; when they are too many to be listed, the newest of them. */
function slotsOf(schedule: Schedule, from: number, now: number): { slots: number[]; all: number } {
  const listed = list(schedule, from, now)
  const all = schedule.count?.(from - 1, now) ?? listed.length
  if (listed.length <= LISTED_MAX) return { slots: listed, all }
  // Looking back twice as far each time ends with at least half as many as may be listed.
  for (let span = 2 * LATE_MS, slots: number[] = []; ; span *= 2) {
    const newest = list(schedule, Math.max(from, now - span), now)
    if (newest.length > LISTED_MAX) return { slots, all }
    slots = newest
  }
}

/** One more than LISTED_MAX says that there are more. */
function list(schedule: Schedule, from: number, now: number): number[] {
  const slots: number[] = []
  for (let slot = schedule.next(from - 1); slot !== undefined && slot <= now && slots.length <= LISTED_MAX; slot = schedule.next(slot))
    slots.push(slot)
  return slots
}
