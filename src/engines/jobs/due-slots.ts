// Decides which due slots run. A slot that is more than ten seconds old fell due while no worker was running: the job's
// catch-up policy says how many of those run, and the rest count as missed.

import { SECOND } from '../../base/clock.ts'
import type { CatchUp } from '../../base/job.ts'
import type { Schedule } from './schedule.ts'

export interface DueSlots {
  /** Oldest first, in milliseconds since 1970. */
  run: number[]
  missed: number
  /** The first slot after `now`. */
  next: number | undefined
}

/** A restart, or a takeover by another worker, is shorter than this, so it never makes a slot late. */
const LATE_MS = 10 * SECOND
/** A worker runs a thousand slots in minutes. */
const CATCH_UP_MAX = 1_000
/** Missed slots of a cron expression are counted up to this number, because they must be listed to be counted. */
const LISTED_MAX = 4_000

/** `from` is the first slot that was not handled yet; it is not after `now`. */
export function findDueSlots(schedule: Schedule, from: number, now: number, catchUp: CatchUp): DueSlots {
  const caughtUpMax = catchUp === 'none' ? 0 : catchUp === 'latest' ? 1 : Math.min(catchUp.all, CATCH_UP_MAX)
  const { newest, total } = listNewest(schedule, from, now)
  const firstPunctual = newest.findIndex(slot => slot > now - LATE_MS)
  const first = Math.min(firstPunctual === -1 ? newest.length : firstPunctual, Math.max(0, newest.length - caughtUpMax))
  return { run: newest.slice(first), missed: total - (newest.length - first), next: schedule.next(now) }
}

/** All due slots; if there are more than LISTED_MAX, the newest of them. `total` counts all that are known. */
function listNewest(schedule: Schedule, from: number, now: number): { newest: number[]; total: number } {
  const listed = listSlots(schedule, from, now)
  const total = schedule.count?.(from - 1, now) ?? listed.length
  if (listed.length <= LISTED_MAX) return { newest: listed, total }
  // The period is doubled until it holds too many slots; the one before holds at least half of LISTED_MAX.
  for (let periodMs = 2 * LATE_MS, newest: number[] = []; ; periodMs *= 2) {
    const slots = listSlots(schedule, Math.max(from, now - periodMs), now)
    if (slots.length > LISTED_MAX) return { newest, total }
    newest = slots
  }
}

/** Stops after LISTED_MAX + 1 slots, which tells that there are more. */
function listSlots(schedule: Schedule, from: number, now: number): number[] {
  const slots: number[] = []
  for (let slot = schedule.next(from - 1); slot !== undefined && slot <= now && slots.length <= LISTED_MAX; slot = schedule.next(slot))
    slots.push(slot)
  return slots
}
