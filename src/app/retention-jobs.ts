// What keeps the rows in order, whatever else happens: what the clock does, each minute or less often and once among all
// workers, is a job, which can be looked at, paused and asked for.

import { MINUTE } from '../base/clock.ts'
import type { Job } from '../base/job.ts'
import { deleteOldRuns } from '../engines/jobs/jobs.sql.ts'
import { dropOldChanges } from '../engines/log/tail.ts'
import { deleteExpiredSessionsAndCodes } from '../features/accounts/accounts.sql.ts'
import { deleteExpiredAdminSessions } from '../features/admins/admins.sql.ts'
import { deleteOldExposures } from '../features/behaviours/behaviours.sql.ts'
import { dropOldLists } from '../recommend/lists.sql.ts'
import { dropOldPages } from '../recommend/pages.sql.ts'
import { LIST_LIFE_MS } from '../recommend/places.ts'
import { SEEN_DAYS } from '../recommend/recommender.ts'
import { dropOldSeen } from '../recommend/seen.sql.ts'
import type { Infrastructure } from './infrastructure.ts'

// A page is read again within hours, and attributed to within two days; a thousand pages are ten thousand articles.
const PAGE_DAYS = 3
const PAGES_PER_VIEWER = 1_000
// Followers begin at the end of the log and are seconds behind it; this is hours of a busy day.
const CHANGES_KEPT = 100_000
// Of what runs each minute it is most of a day, of what runs each night three years.
const RUNS_KEPT = 1_000
const BATCH = 500 // no writing transaction over 200 ms: they hold back everyone who reads a log

export function createRetentionJobs({ database: { db } }: Infrastructure): Job[] {
  /** A backlog is worked off over several runs, so that a process told to stop is not held up by it. */
  const dropping = (name: string, about: string, schedule: string, step: () => Promise<number>): Job => ({
    name,
    about,
    schedule,
    timeoutMs: MINUTE,
    run: async ({ signal }) => ({ dropped: await repeatUntilEmpty(step, signal) }),
  })
  return [
    {
      name: 'drop-shared-lists',
      about: 'forgets the lists shown to those nobody knows, two hours after',
      schedule: 'every 1m',
      timeoutMs: MINUTE,
      run: () => dropOldLists(db, Math.floor((Date.now() - LIST_LIFE_MS) / MINUTE)),
    },
    dropping('drop-pages', `forgets feed pages after ${PAGE_DAYS} days, and beyond ${PAGES_PER_VIEWER} of a viewer`, 'every 10m', () =>
      dropOldPages(db, { days: PAGE_DAYS, perViewer: PAGES_PER_VIEWER, most: BATCH }),
    ),
    dropping('drop-changes', `keeps the newest ${CHANGES_KEPT} entries of the change log`, 'every 1m', () =>
      dropOldChanges(db, { keep: CHANGES_KEPT, most: BATCH }),
    ),
    dropping(
      'drop-sessions',
      'forgets sessions and codes a day after they are over',
      'every 1h',
      async () => (await deleteExpiredSessionsAndCodes(db, BATCH)) + (await deleteExpiredAdminSessions(db, BATCH)),
    ),
    {
      name: 'drop-seen',
      about: `forgets what was seen more than ${SEEN_DAYS} days ago`,
      schedule: '30 3 * * *',
      timeoutMs: MINUTE,
      run: () => dropOldSeen(db, SEEN_DAYS),
    },
    dropping('drop-exposures', `forgets what was shown more than ${SEEN_DAYS} days ago; what was done is kept`, 'every 10m', () =>
      deleteOldExposures(db, { days: SEEN_DAYS, limit: BATCH }),
    ),
    dropping('drop-runs', `keeps the newest ${RUNS_KEPT} runs of each job`, 'every 10m', () =>
      deleteOldRuns(db, { keep: RUNS_KEPT, limit: BATCH }),
    ),
  ]
}

// Some ten seconds of work at most.
const ROUNDS_MAX = 50

/** Returns how much was dealt with. */
export async function repeatUntilEmpty(step: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  let all = 0
  for (let rounds = 0; rounds < ROUNDS_MAX && !signal?.aborted; rounds++) {
    const count = await step()
    if (count === 0) break
    all += count
  }
  return all
}
