// What people may do to jobs while they run: look, pause, resume, reschedule, ask for a run. Rows only, from any process;
// the workers are woken, and see it within a second even when the wake is lost.

import { setTimeout as sleep } from 'node:timers/promises'
import { invalid, notFound } from '../../base/problem.ts'
import type { Db, Tx } from '../database/database.ts'
import { insertManualRun, type JobRow, listJobRows, listRunRows, lockJob, type RunRow, updateJob } from './control.sql.ts'
import { DATABASE_NOW, type Now, readDatabaseTime } from './jobs.sql.ts'
import { parseSchedule } from './schedule.ts'

export type JobControl = ReturnType<typeof createJobControl>

const LOOK_MS = 100 // as often as somebody who waits would press a key

export interface JobPatch {
  paused?: boolean
  /** Null: the one the code has. */
  schedule?: string | null
}

export function createJobControl({ db, zone, now = DATABASE_NOW }: { db: Db; zone: string; now?: Now }) {
  const unknown = (name: string) => notFound(`There is no job called ${JSON.stringify(name.slice(0, 60))}.`)

  async function get(name: string): Promise<JobRow> {
    const [row] = await listJobRows(db, name)
    if (!row) throw unknown(name)
    return row
  }

  async function getRun(name: string, slot: Date): Promise<RunRow> {
    const [row] = await listRunRows(db, name, 1, slot)
    if (!row) throw notFound('This run is not kept any more.')
    return row
  }

  return {
    list: (): Promise<JobRow[]> => listJobRows(db),
    get,
    getRun,

    async listRuns(name: string, most: number): Promise<RunRow[]> {
      await get(name)
      return listRunRows(db, name, most)
    },

    /** What passed while a job was paused, or before it was given another schedule, is not made up for. */
    async change(name: string, wish: JobPatch): Promise<JobRow> {
      const wanted = typeof wish.schedule === 'string' ? parseSchedule(wish.schedule, zone) : undefined
      await db.transaction().execute(async tx => {
        const known = await lockJob(tx, name)
        if (!known) throw unknown(name)
        const schedule = wish.schedule === undefined ? known.schedule : (wanted?.text ?? null)
        const paused = wish.paused ?? known.paused
        const next = await nextOf(tx, schedule ?? known.declared)
        if (wanted && next === null) throw invalid('This schedule has no slot any more.')
        if (schedule === known.schedule && paused === known.paused) return
        await updateJob(tx, name, { paused, schedule, next })
      })
      return get(name)
    },

    /** Returns the slot of the run; it begins as soon as a worker has a place, also while the job is paused. */
    async requestRun(name: string): Promise<Date> {
      await get(name)
      for (;;) {
        const slot = await insertManualRun(db, name)
        if (slot) return slot
        await sleep(1) // somebody asked in the same millisecond
      }
    },

    /** The run once it is over, or as it is after `forMs`. */
    async waitForRun(name: string, slot: Date, forMs: number, signal?: AbortSignal): Promise<RunRow> {
      for (const until = performance.now() + forMs; ; await sleep(LOOK_MS)) {
        const row = await getRun(name, slot)
        if (row.state === 'ended' || signal?.aborted || performance.now() >= until) return row
      }
    },
  }

  async function nextOf(tx: Tx, schedule: string): Promise<Date | null> {
    const next = parseSchedule(schedule, zone).next(await readDatabaseTime(tx, now))
    return next === undefined ? null : new Date(next)
  }
}
