// How a worker finds out what is due, turns slots into runs and claims runs.

import { sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'
import type { Now } from './jobs.sql.ts'

// A waiting run may start unless its job is paused (a manual run may even then), or another run of a job that may not
// overlap is running. A run whose worker is gone is still `running`, so it is taken over before a waiting one starts.
const mayStart = sql`(r.state = 'running' or r.state = 'waiting' and (r.asked or not job.paused) and (job.overlap = 'allow'
  or not exists (select from job_run o where o.job = r.job and o.state = 'running')))`
const dueTime = sql`case r.state when 'waiting' then r.due_at else r.lease_until end`
const isDue = sql`(${mayStart} and ${dueTime} <= clock_timestamp())`

/** In how many milliseconds something is due (infinity: nothing is planned), and when each job last succeeded. */
export async function pollJobs(db: Db, names: string[], now: Now): Promise<{ dueInMs: number; successes: [string, Date][] }> {
  const { rows } = await sql<{ name: string; due_in_ms: number | null; last_success_at: Date | null }>`
    select name, last_success_at, (extract(epoch from least(
             case when not paused then next_slot - ${now} end,
             (select min(${dueTime}) - clock_timestamp() from job_run r where r.job = job.name and r.state <> 'ended' and ${mayStart})
           )) * 1000)::float8 as due_in_ms
      from job where name = any(${names})`.execute(db)
  return {
    dueInMs: Math.min(...rows.map(row => row.due_in_ms ?? Number.POSITIVE_INFINITY)),
    successes: rows.flatMap(row => (row.last_success_at ? [[row.name, row.last_success_at] as [string, Date]] : [])),
  }
}

export interface LockedJob {
  name: string
  schedule: string | null
  paused: boolean
  next_slot: Date | null
  now: Date
}

/** Locks the jobs that have something due. Jobs locked by another worker are skipped. */
export async function lockDueJobs(tx: Tx, names: string[], now: Now): Promise<LockedJob[]> {
  const { rows } = await sql<LockedJob>`
    select name, schedule, paused, next_slot, ${now} as now from job
     where name = any(${names})
       and (not paused and next_slot <= ${now}
            or exists (select from job_run r where r.job = job.name and r.state <> 'ended' and ${isDue}))
     order by name for no key update skip locked`.execute(tx)
  return rows
}

/** How many runs of each job are waiting or running. Read after the jobs were locked, so that no other worker adds one. */
export async function countUnfinishedRuns(tx: Tx, names: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ job: string; runs: number }>`
    select job, count(*)::int as runs from job_run where job = any(${names}) and state <> 'ended' group by job`.execute(tx)
  return new Map(rows.map(row => [row.job, row.runs]))
}

/** Adds a run per slot, waiting or already ended as skipped. A slot that has a run keeps it. */
export async function insertRuns(
  tx: Tx,
  job: string,
  slots: Date[],
  outcome: 'skipped' | null,
  message: string | null = null,
): Promise<void> {
  if (slots.length === 0) return
  await sql`
    insert into job_run (job, slot, state, outcome, message, ended_at)
    select ${job}, slot, ${outcome ? 'ended' : 'waiting'}, ${outcome}, ${message}, ${outcome ? sql`clock_timestamp()` : null}::timestamptz
      from unnest(${slots}::timestamptz[]) slot
    on conflict (job, slot) do nothing`.execute(tx)
}

export async function updateNextSlot(tx: Tx, job: string, nextSlot: Date | null, missed: number): Promise<void> {
  await sql`update job set next_slot = ${nextSlot}::timestamptz, missed = missed + ${missed} where name = ${job}`.execute(tx)
}

/** A worker's hold on a run. The fence grows with each claim; a write is refused if its fence is not the run's. */
export interface Claim {
  job: string
  slot: Date
  fence: bigint
  attempt: number
}

/** Fails runs that have been taken over so often that they probably end their workers. Returns their jobs. */
export async function failAbandonedRuns(tx: Tx, names: string[], attemptsMax: number, message: string): Promise<string[]> {
  const { rows } = await sql<{ job: string }>`
    with lost as (
      select job, slot from job_run where job = any(${names}) and state = 'running' and lease_until < clock_timestamp() and attempt >= ${attemptsMax}
         for update skip locked
    )
    update job_run r set state = 'ended', outcome = 'failed', message = ${message}, ended_at = clock_timestamp()
      from lost where r.job = lost.job and r.slot = lost.slot returning r.job`.execute(tx)
  return rows.map(row => row.job)
}

/**
 * Claims up to `limit` due runs of locked jobs: waiting ones, and running ones whose lease is over. At most one per job whose
 * runs may not overlap. The lease is checked again in the update, because its worker may renew it between choosing and locking.
 */
export async function claimRuns(
  tx: Tx,
  names: string[],
  { limit, owner, leaseMs }: { limit: number; owner: string; leaseMs: number },
): Promise<Claim[]> {
  const { rows } = await sql<Claim>`
    with due as (
      select r.job, r.slot, r.due_at, job.overlap, row_number() over (partition by r.job order by r.state, r.slot) as place
        from job_run r join job on job.name = r.job
       where r.job = any(${names}) and r.state <> 'ended' and ${isDue}
    ), chosen as (
      select job, slot from due where place = 1 or overlap = 'allow' order by due_at limit ${limit}
    ), locked as (
      select r.job, r.slot from job_run r join chosen using (job, slot) for update of r skip locked
    )
    update job_run r set state = 'running', fence = nextval('job_fence'), owner = ${owner}, attempt = r.attempt + 1,
           lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}), started_at = clock_timestamp()
      from locked where r.job = locked.job and r.slot = locked.slot and r.state <> 'ended' and ${dueTime} <= clock_timestamp()
    returning r.job, r.slot, r.fence, r.attempt`.execute(tx)
  return rows
}
