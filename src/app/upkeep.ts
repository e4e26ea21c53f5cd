// What keeps the rows in order, whatever else happens: the worker's tasks so far.

import { DAY, HOUR, MINUTE, SECOND } from '../base/clock.ts'
import type { Task } from '../base/part.ts'
import { tableCounters } from '../engines/counters/counters.ts'
import { dropOldChanges } from '../engines/log/tail.ts'
import { dropExpired } from '../features/accounts/accounts.sql.ts'
import { dropOldLists, dropOldPages, dropOldSeen } from '../recommend/pages.sql.ts'
import { LIST_LIFE_MS } from '../recommend/places.ts'
import { SEEN_DAYS } from '../recommend/recommender.ts'
import type { Foundation } from './foundation.ts'

// A page is read again within hours, and attributed to within two days; a thousand pages are ten thousand articles.
const PAGE_DAYS = 3
const PAGES_PER_VIEWER = 1_000
// Followers begin at the end of the log and are seconds behind it; this is hours of a busy day.
const CHANGES_KEPT = 100_000
const BATCH = 500 // no writing transaction over 200 ms: they hold back everyone who reads a log

export function upkeepTasks({ database: { db } }: Foundation): Task[] {
  const counters = tableCounters(db)
  return [
    {
      // Counts are right without it; reading them stays quick with it.
      name: 'fold-counters',
      role: 'worker',
      everyMs: SECOND,
      run: () => untilNothingIsLeft(() => counters.fold()),
    },
    {
      name: 'drop-shared-lists',
      role: 'worker',
      everyMs: MINUTE,
      run: () => dropOldLists(db, Math.floor((Date.now() - LIST_LIFE_MS) / MINUTE)),
    },
    {
      name: 'drop-pages',
      role: 'worker',
      everyMs: 10 * MINUTE,
      run: () => untilNothingIsLeft(() => dropOldPages(db, { days: PAGE_DAYS, perViewer: PAGES_PER_VIEWER, most: BATCH })),
    },
    {
      name: 'drop-changes',
      role: 'worker',
      everyMs: MINUTE,
      run: () => untilNothingIsLeft(() => dropOldChanges(db, { keep: CHANGES_KEPT, most: BATCH })),
    },
    { name: 'drop-sessions', role: 'worker', everyMs: HOUR, run: () => untilNothingIsLeft(() => dropExpired(db, BATCH)) },
    { name: 'drop-seen', role: 'worker', everyMs: DAY, run: () => dropOldSeen(db, SEEN_DAYS) },
  ]
}

// A backlog is worked off over several turns, so that a process told to stop is not held up by it.
const ROUNDS_MAX = 50

async function untilNothingIsLeft(step: () => Promise<number>): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX && (await step()) > 0; rounds++);
}
