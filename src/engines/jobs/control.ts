// What operators may do with jobs: list, pause, resume, reschedule, run now. It only reads and writes rows, in any process.
// Workers are notified; if the notification is lost, they see the change within a second.

import { setTimeout as sleep } from 'node:timers/promises'
import { invalid, notFound } from '../../base/problem.ts'
import type { Db, Tx } from '../database/database.ts'
import { insertManualRun, type JobRow, listJobRows, listRunRows, lockJob, type RunRow, updateJob } from './control.sql.ts'
import { DATABASE_NOW, type Now, readDatabaseTime } from './jobs.sql.ts'
import { parseSchedule, toSlot } from './schedule.ts'

export type JobControl = ReturnType<typeof createJobControl>

const RUN_POLL_MS = 100

export interface JobPatch {
  paused?: boolean
  /** Null restores the declared schedule. */
  schedule?: string | null
}

/** `zone`: the time zone of cron expressions. Every method that takes a name throws `not-found` if there is no such job. */
export function createJobControl({ db, zone, now = DATABASE_NOW }: { db: Db; zone: string; now?: Now }) {
  const noSuchJob = (name: string) => notFound(`There is no job called ${JSON.stringify(name.slice(0, 60))}.`)

  async function get(name: string): Promise<JobRow> {
    const [row] = await listJobRows(db, name)
    if (!row) throw noSuchJob(name)
    return row
  }

  async function getRun(name: string, slot: Date): Promise<RunRow> {
    const [row] = await listRunRows(db, name, 1, slot)
    if (!row) throw notFound('This run is not kept any more.')
    return row
  }

  async function nextSlot(tx: Tx, schedule: string): Promise<Date | null> {
    return toSlot(parseSchedule(schedule, zone).next(await readDatabaseTime(tx, now)))
  }

  return {
    list: (): Promise<JobRow[]> => listJobRows(db),
    get,
    getRun,

    /** Newest first. */
    async listRuns(name: string, limit: number): Promise<RunRow[]> {
      await get(name)
      return listRunRows(db, name, limit)
    },

    /** Slots that passed while the job was paused, or under the earlier schedule, are not caught up. */
    async change(name: string, patch: JobPatch): Promise<JobRow> {
      const wanted = typeof patch.schedule === 'string' ? parseSchedule(patch.schedule, zone) : undefined
      await db.transaction().execute(async tx => {
        const job = await lockJob(tx, name)
        if (!job) throw noSuchJob(name)
        const schedule = patch.schedule === undefined ? job.schedule : (wanted?.text ?? null)
        const paused = patch.paused ?? job.paused
        const next = await nextSlot(tx, schedule ?? job.declared)
        if (wanted && next === null) throw invalid('This schedule has no slot any more.')
        if (schedule === job.schedule && paused === job.paused) return
        await updateJob(tx, name, { paused, schedule, nextSlot: next })
      })
      return get(name)
    },

    /** Returns the slot of a new manual run. It starts as soon as a worker has room, even if the job is paused. */
    async requestRun(name: string): Promise<Date> {
      await get(name)
      for (;;) {
        const slot = await insertManualRun(db, name)
        if (slot) return slot
        await sleep(1) // this millisecond's slot is taken
      }
    },

    /** Returns the run when it has ended, after `timeoutMs`, or when `signal` is aborted. */
    async waitForRun(name: string, slot: Date, timeoutMs: number, signal?: AbortSignal): Promise<RunRow> {
      for (const giveUpAt = performance.now() + timeoutMs; ; await sleep(RUN_POLL_MS)) {
        const row = await getRun(name, slot)
        if (row.state === 'ended' || signal?.aborted || performance.now() >= giveUpAt) return row
      }
    },
  }
}
