// The jobs that delete old rows, and how much they keep. Limits that a feature also reads stand with the feature.

import { MINUTE } from '../base/clock.ts'
import type { Job } from '../base/job.ts'
import { deleteOldReports } from '../engines/counters/reports.ts'
import { deleteOldAnswers } from '../engines/idempotency/stored-answers.sql.ts'
import { deleteOldRuns } from '../engines/jobs/run.sql.ts'
import { deleteRetiredTokenKeys } from '../engines/keys/token-keys.sql.ts'
import { deleteOldChanges } from '../engines/log/change-log.ts'
import { deleteOldEvents } from '../engines/log/events.sql.ts'
import { deleteExpiredSessions } from '../features/accounts/sessions.sql.ts'
import { deleteOldCodes } from '../features/accounts/sms-codes.sql.ts'
import { deleteExpiredAdminSessions } from '../features/admins/admins.sql.ts'
import { deleteOldOperations } from '../features/admins/operation-log.sql.ts'
import { deleteForgottenDevices, deleteOldRefusals, KEPT_DAYS, rollUpBehaviours } from '../features/behaviours/retention.sql.ts'
import { deleteForgottenMessages } from '../features/chat/deletions.sql.ts'
import { deleteOldDials } from '../features/dials/dials.sql.ts'
import { deleteOldHits } from '../features/moderation/words.sql.ts'
import { deleteOldNotices } from '../features/notices/notices.sql.ts'
import { deleteOldVisitorCounts } from '../features/statistics/visitors.sql.ts'
import { deleteOldVisits } from '../features/statistics/visits.sql.ts'
import { deleteOldAutosaves } from '../features/writing/revisions.sql.ts'
import { PAGE_DAYS, SEEN_DAYS, SHARED_LIST_TTL_MS } from '../recommend/feed-constants.ts'
import { deleteOldModels } from '../recommend/nightly/trained-models.sql.ts'
import { deleteOldPages } from '../recommend/pages/retention.sql.ts'
import { deleteOldSeen } from '../recommend/pages/seen.sql.ts'
import { deleteOldSeenLists } from '../recommend/pages/seen-lists.sql.ts'
import { deleteOldLists } from '../recommend/shared-lists/shared-lists.sql.ts'
import type { Infrastructure } from './infrastructure.ts'

// Readers return to a page within hours: 1,000 pages are 10,000 articles.
const PAGES_PER_VIEWER = 1_000
const CHANGES_KEPT = 100_000 // consumers are seconds behind the end of the log; this is hours of a busy day
const EVENT_DAYS = 3 // a consumer that stood still for longer begins at the current end
const NOTICE_DAYS = 30 // the event of an article is written until it is that old (migrations): till then its notice can be withdrawn
const DIAL_DAYS = 180 // a device that was away for half a year
const AUTOSAVE_DAYS = 90 // after that a text is no longer wanted
const OFFICE_DAYS = 400 // a year's audit, and a year to compare with
const [REFUSED_DAYS, REFUSED_KEPT] = [30, 10_000]
const RUNS_KEPT = 1_000 // most of a day for a job that runs each minute, three years for a nightly one
const BATCH = 500 // rows a transaction: a writing transaction over 200 ms delays every consumer of a log

export function createRetentionJobs({ database: { db } }: Infrastructure): Job[] {
  /** A large backlog takes several runs, so that it does not delay a process that is stopping. */
  const deletion = (name: string, about: string, schedule: string, deleteBatch: () => Promise<number>): Job => ({
    name,
    about,
    schedule,
    timeoutMs: MINUTE,
    run: async ({ signal }) => ({ dropped: await repeatUntilEmpty(deleteBatch, signal) }),
  })
  return [
    {
      name: 'drop-shared-lists',
      about: 'deletes the shared lists of anonymous viewers after two hours',
      schedule: 'every 1m',
      timeoutMs: MINUTE,
      run: () => deleteOldLists(db, Math.floor((Date.now() - SHARED_LIST_TTL_MS) / MINUTE)),
    },
    deletion('drop-pages', `deletes feed pages after ${PAGE_DAYS} days, and beyond ${PAGES_PER_VIEWER} of a viewer`, 'every 10m', () =>
      deleteOldPages(db, { days: PAGE_DAYS, perViewer: PAGES_PER_VIEWER, limit: BATCH }),
    ),
    deletion('drop-changes', `keeps the newest ${CHANGES_KEPT} entries of the change log`, 'every 1m', () =>
      deleteOldChanges(db, { keep: CHANGES_KEPT, limit: BATCH }),
    ),
    deletion('drop-notices', `deletes notices after ${NOTICE_DAYS} days, and events after ${EVENT_DAYS}`, 'every 10m', async () =>
      Math.max(
        await deleteOldNotices(db, { days: NOTICE_DAYS, limit: BATCH }),
        await deleteOldEvents(db, { days: EVENT_DAYS, limit: BATCH }),
      ),
    ),
    deletion(
      'drop-sessions',
      'deletes sessions, sign-in codes, replaced keys and answers to repeated requests a day after they have expired',
      'every 1h',
      async () =>
        (await deleteExpiredSessions(db, BATCH)) +
        (await deleteOldCodes(db, BATCH)) +
        (await deleteExpiredAdminSessions(db, BATCH)) +
        (await deleteOldAnswers(db, BATCH)) +
        (await deleteRetiredTokenKeys(db)),
    ),
    {
      name: 'drop-seen',
      about: `deletes what was seen on deleted pages after ${SEEN_DAYS} days`,
      schedule: '30 3 * * *',
      timeoutMs: MINUTE,
      run: () => deleteOldSeen(db, SEEN_DAYS),
    },
    deletion('drop-seen-lists', `deletes the seen articles that a feed session shows again after ${PAGE_DAYS} days`, 'every 1h', () =>
      deleteOldSeenLists(db, { days: PAGE_DAYS, limit: BATCH }),
    ),
    deletion(
      'roll-up-behaviours',
      `keeps exposures older than ${KEPT_DAYS.exposure} days, and other actions older than ${KEPT_DAYS.other}, as figures of their day`,
      'every 10m',
      () => rollUpBehaviours(db, BATCH),
    ),
    deletion('drop-refused', `deletes refused events after ${REFUSED_DAYS} days, and beyond the newest ${REFUSED_KEPT}`, 'every 10m', () =>
      deleteOldRefusals(db, { days: REFUSED_DAYS, keep: REFUSED_KEPT, limit: BATCH }),
    ),
    {
      name: 'drop-devices',
      about: `deletes devices after ${SEEN_DAYS} days if none of their behaviours is left`,
      schedule: '45 3 * * *',
      timeoutMs: MINUTE,
      run: async ({ signal }) => {
        let dropped = 0
        for (let after: string | null = ''; after !== null && !signal.aborted; ) {
          const { deleted, last } = await deleteForgottenDevices(db, { days: SEEN_DAYS, after, limit: BATCH })
          dropped += deleted
          after = last
        }
        return { dropped }
      },
    },
    {
      name: 'drop-messages',
      about: 'deletes messages of chats that both readers have deleted',
      schedule: 'every 1h',
      timeoutMs: MINUTE,
      run: async ({ signal }) => {
        let dropped = 0
        await repeatUntilEmpty(async () => {
          const { deleted, looked } = await deleteForgottenMessages(db, BATCH)
          dropped += deleted
          return looked
        }, signal)
        return { dropped }
      },
    },
    deletion('drop-dials', `deletes what a device told the feed ${DIAL_DAYS} days after its last change`, '0 4 * * *', () =>
      deleteOldDials(db, { days: DIAL_DAYS, limit: BATCH }),
    ),
    deletion('drop-autosaves', `deletes what was saved automatically after ${AUTOSAVE_DAYS} days`, '15 4 * * *', () =>
      deleteOldAutosaves(db, { days: AUTOSAVE_DAYS, limit: BATCH }),
    ),
    deletion(
      'drop-office-records',
      `deletes operations, what words held back, visits, past drift and models that are not live after ${OFFICE_DAYS} days`,
      '45 4 * * *',
      async () =>
        Math.max(
          await deleteOldOperations(db, { days: OFFICE_DAYS, limit: BATCH }),
          await deleteOldHits(db, { days: OFFICE_DAYS, limit: BATCH }),
          await deleteOldVisits(db, { days: OFFICE_DAYS, limit: BATCH }),
          await deleteOldVisitorCounts(db, { days: OFFICE_DAYS, limit: BATCH }),
          await deleteOldReports(db, { days: OFFICE_DAYS, limit: BATCH }),
          await deleteOldModels(db, { days: OFFICE_DAYS, limit: BATCH }),
        ),
    ),
    deletion('drop-runs', `keeps the newest ${RUNS_KEPT} runs of each job`, 'every 10m', () =>
      deleteOldRuns(db, { keep: RUNS_KEPT, limit: BATCH }),
    ),
  ]
}

// At most some ten seconds of work.
const STEPS_MAX = 50

/** Repeats `step` until it returns 0. Returns the sum of what it returned. */
async function repeatUntilEmpty(step: () => Promise<number>, signal?: AbortSignal): Promise<number> {
  let total = 0
  for (let steps = 0; steps < STEPS_MAX && !signal?.aborted; steps++) {
    const count = await step()
    if (count === 0) break
    total += count
  }
  return total
}
