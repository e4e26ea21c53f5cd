// Plans and claims what is due, in one transaction that locks the rows of the jobs concerned: due slots become runs, are
// skipped or counted as missed, and this worker claims as many runs as it has room for.

import type { Job } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import type { Db, Tx } from '../database/database.ts'
import {
  type Claim,
  claimRuns,
  countUnfinishedRuns,
  failAbandonedRuns,
  insertRuns,
  type LockedJob,
  lockDueJobs,
  updateNextSlot,
} from './claim.sql.ts'
import { findDueSlots } from './due-slots.ts'
import type { Now } from './jobs.sql.ts'
import { parseSchedule, toSlot } from './schedule.ts'

/** With so many unfinished runs a queue is not worked off any more: further slots are skipped. */
const QUEUE_MAX = 100
/** A run that was taken over so often ends its workers, and would end the next. */
const TAKEOVERS_MAX = 10

export interface DueRuns {
  claims: Claim[]
  /** Slots by job. */
  missed: Map<string, number>
  skipped: Map<string, number>
  /** The jobs of abandoned runs. */
  failed: string[]
}

export interface ClaimNeeds {
  db: Db
  jobs: Map<string, Job>
  zone: string
  now: Now
  limit: number
  owner: string
  leaseMs: number
  log: Log
}

export function claimDueRuns({ db, jobs, zone, now, limit, owner, leaseMs, log }: ClaimNeeds): Promise<DueRuns> {
  return db.transaction().execute(async tx => {
    const due: DueRuns = { claims: [], missed: new Map(), skipped: new Map(), failed: [] }
    const locked = await lockDueJobs(tx, [...jobs.keys()], now)
    if (locked.length === 0) return due
    const names = locked.map(({ name }) => name)
    const unfinished = await countUnfinishedRuns(tx, names)
    for (const row of locked) {
      const { missed, skipped } = await planSlots(tx, jobs.get(row.name) as Job, row, unfinished.get(row.name) ?? 0)
      if (missed > 0) due.missed.set(row.name, missed)
      if (skipped > 0) due.skipped.set(row.name, skipped)
    }
    const attemptsMax = TAKEOVERS_MAX + Math.max(...names.map(name => jobs.get(name)?.retries ?? 0))
    due.failed = await failAbandonedRuns(tx, names, attemptsMax, `given up: the process that ran it ended ${attemptsMax} times`)
    due.claims = await claimRuns(tx, names, { limit, owner, leaseMs })
    return due
  })

  async function planSlots(tx: Tx, job: Job, row: LockedJob, unfinished: number) {
    if (row.paused || row.next_slot === null || row.next_slot > row.now) return { missed: 0, skipped: 0 }
    const schedule = currentSchedule(job, row)
    const { run, missed, next } = findDueSlots(schedule, row.next_slot.getTime(), row.now.getTime(), job.catchUp ?? 'latest')
    const room = roomFor(job, unfinished)
    const slots = run.map(at => new Date(at))
    await insertRuns(tx, job.name, slots.slice(0, room), null)
    await insertRuns(tx, job.name, slots.slice(room), 'skipped', 'an earlier run was not over')
    await updateNextSlot(tx, job.name, toSlot(next), missed)
    return { missed, skipped: Math.max(0, slots.length - room) }
  }

  function currentSchedule(job: Job, row: LockedJob) {
    try {
      return parseSchedule(row.schedule ?? job.schedule, zone)
    } catch (err) {
      // The CLI and the API refuse such a schedule, so it was written to the table by hand.
      log.error({ err, job: job.name, schedule: row.schedule }, 'the schedule in the table is invalid; the declared one is used')
      return parseSchedule(job.schedule, zone)
    }
  }
}

/** How many due slots may become runs beside the unfinished ones. */
function roomFor({ overlap = 'skip' }: Job, unfinished: number): number {
  if (overlap === 'allow') return Number.POSITIVE_INFINITY
  if (overlap === 'queue') return Math.max(0, QUEUE_MAX - unfinished)
  // Slots that are due together, as after an outage, all run, one after another.
  return unfinished === 0 ? Number.POSITIVE_INFINITY : 0
}
