// Writes the jobs of the code to the table `job` when a worker starts.

import type { Job } from '../../base/job.ts'
import type { Db } from '../database/database.ts'
import { DATABASE_NOW, deleteRemovedJobs, lockAllJobs, markRemovedJobs, type Now, readDatabaseTime, upsertJob } from './jobs.sql.ts'
import { parseSchedule, toSlot } from './schedule.ts'

/** An older version that is deployed again within a month finds its jobs with the pauses and schedules set by operators. */
const REMOVED_KEPT_DAYS = 30

/** `zone`: the time zone of cron expressions. Throws if two jobs have one name, or a schedule cannot be parsed. */
export async function declareJobs(db: Db, jobs: Job[], zone: string, now: Now = DATABASE_NOW): Promise<void> {
  const names = jobs.map(job => job.name)
  const duplicate = names.find((name, i) => names.indexOf(name) < i)
  if (duplicate) throw new Error(`two jobs are called ${duplicate}`)
  // Every process writes them in the same order, so that two cannot deadlock.
  const sorted = jobs.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  await db.transaction().execute(async tx => {
    await lockAllJobs(tx)
    const nowMs = await readDatabaseTime(tx, now)
    for (const { name, about, schedule, overlap = 'skip', catchUp = 'latest' } of sorted) {
      const { text, next } = parseSchedule(schedule, zone)
      const policy = typeof catchUp === 'string' ? catchUp : `all ${catchUp.all}`
      await upsertJob(tx, { name, about, declared: text, overlap, catchUp: policy, nextSlot: toSlot(next(nowMs)) })
    }
    await markRemovedJobs(tx, names)
    await deleteRemovedJobs(tx, REMOVED_KEPT_DAYS)
  })
}
