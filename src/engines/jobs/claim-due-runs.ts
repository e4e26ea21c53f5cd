// One turn of one process, in one transaction that holds the rows of the jobs it looks at: which slots are due, what
// becomes of them, and which runs this process takes. All of it happens, or none of it.

import type { Job } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import type { Db, Tx } from '../database/database.ts'
import { findDueSlots } from './due-slots.ts'
import {
  type Claim,
  claimRuns,
  countUnfinishedRuns,
  failAbandonedRuns,
  insertRuns,
  type LockedJob,
  lockJobs,
  moveNextSlot,
  type Now,
} from './jobs.sql.ts'
import { parseSchedule } from './schedule.ts'

/** A queue that has grown to this is not worked off any more: what comes then is skipped. */
const QUEUE_MAX = 100
/** Whoever's run has been taken over so often ends its workers, and would go on ending them. */
const TAKEN_OVER_MAX = 10

export interface DueRuns {
  claims: Claim[]
  missed: Map<string, number>
  skipped: Map<string, number>
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
    const turn: DueRuns = { claims: [], missed: new Map(), skipped: new Map(), failed: [] }
    const locked = await lockJobs(tx, [...jobs.keys()], now)
    if (locked.length === 0) return turn
    const names = locked.map(({ name }) => name)
    const open = await countUnfinishedRuns(tx, names)
    for (const row of locked) {
      const { missed, skipped } = await plan(tx, jobs.get(row.name) as Job, row, open.get(row.name) ?? 0)
      if (missed > 0) turn.missed.set(row.name, missed)
      if (skipped > 0) turn.skipped.set(row.name, skipped)
    }
    const attemptsMax = TAKEN_OVER_MAX + Math.max(...names.map(name => jobs.get(name)?.retries ?? 0))
    turn.failed = await failAbandonedRuns(tx, names, attemptsMax, `given up: the process that ran it ended ${attemptsMax} times`)
    turn.claims = await claimRuns(tx, names, { most: limit, owner, leaseMs })
    return turn
  })

  async function plan(tx: Tx, job: Job, row: LockedJob, open: number) {
    if (row.paused || row.next_slot === null || row.next_slot > row.now) return { missed: 0, skipped: 0 }
    const schedule = scheduleOf(job, row)
    const { run, missed, next } = findDueSlots(schedule, row.next_slot.getTime(), row.now.getTime(), job.catchUp ?? 'latest')
    const room = countFreePlaces(job, open)
    const slots = run.map(at => new Date(at))
    await insertRuns(tx, job.name, slots.slice(0, room), null)
    await insertRuns(tx, job.name, slots.slice(room), 'skipped', 'an earlier run was not over')
    await moveNextSlot(tx, job.name, next === undefined ? null : new Date(next), missed)
    return { missed, skipped: Math.max(0, slots.length - room) }
  }

  function scheduleOf(job: Job, row: LockedJob) {
    try {
      return parseSchedule(row.schedule ?? job.schedule, zone)
    } catch (err) {
      // Only by hand can something come into the row that was not read before.
      log.error({ err, job: job.name, schedule: row.schedule }, 'the schedule in the table cannot be read, so the own one holds')
      return parseSchedule(job.schedule, zone)
    }
  }
}

/** How many new slots find a place, beside `open` runs that are not over. */
function countFreePlaces({ overlap = 'skip' }: Job, open: number): number {
  if (overlap === 'allow') return Number.POSITIVE_INFINITY
  if (overlap === 'queue') return Math.max(0, QUEUE_MAX - open)
  // Several that are due together, as after an outage, run one after another.
  return open === 0 ? Number.POSITIVE_INFINITY : 0
}
