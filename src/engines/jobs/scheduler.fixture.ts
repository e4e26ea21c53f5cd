// A database, and schedulers on it that are stopped and emptied before each test. For the tests of this folder.

import { beforeEach } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { Job } from '../../base/job.ts'
import { silentLog } from '../../base/log.ts'
import { createMetrics } from '../../base/metrics.ts'
import type { RunRow } from './control.sql.ts'
import { createJobControl } from './control.ts'
import type { Now } from './jobs.sql.ts'
import { type Scheduler, type SchedulerNeeds, startScheduler } from './scheduler.ts'

const NEVER = 'at 9990-01-01T00:00:00Z'
const ZONE = 'Asia/Shanghai'

/** A job that is never due unless `more` gives it another schedule. */
export const job = (name: string, run: Job['run'], more: Partial<Job> = {}): Job => ({
  name,
  about: 'a test',
  schedule: NEVER,
  run,
  ...more,
})

/** The time that the database is made to take for now. */
export const at = (iso: string): Now => sql<Date>`${iso}::timestamptz`

export async function createJobsFixture() {
  const { db } = await testDatabase()
  const control = createJobControl({ db, zone: ZONE })
  let schedulers: Scheduler[] = []

  async function stopAll(): Promise<void> {
    await Promise.all(schedulers.map(scheduler => scheduler.stop()))
    schedulers = []
  }

  async function deleteAll(): Promise<void> {
    await sql`delete from job_run`.execute(db)
    await sql`delete from job`.execute(db)
  }

  cleanup(stopAll)
  beforeEach(async () => {
    await stopAll()
    await deleteAll()
  })

  async function start(jobs: Job | Job[], more: Partial<SchedulerNeeds> = {}) {
    const metrics = createMetrics()
    const scheduler = await startScheduler({
      db,
      zone: ZONE,
      log: silentLog,
      metrics,
      concurrency: 10,
      random: () => 0.5,
      leaseMs: 30_000,
      heartbeatMs: 300,
      stopTimeoutMs: 300,
      jobs: [jobs].flat(),
      ...more,
    })
    schedulers.push(scheduler)
    return { scheduler, metrics }
  }

  const listRuns = (name: string): Promise<RunRow[]> => control.listRuns(name, 1_000)
  const waitForEnded = (name: string, count: number): Promise<RunRow[]> =>
    eventually(
      () => listRuns(name),
      runs => runs.filter(run => run.state === 'ended').length >= count,
    )
  /** Waits until the job's newest run is running. */
  const waitForRunning = (name: string): Promise<RunRow[]> =>
    eventually(
      () => listRuns(name),
      runs => runs[0]?.state === 'running',
    )

  return { db, control, start, stopAll, deleteAll, listRuns, waitForEnded, waitForRunning }
}
