import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'

/** What the database takes for now when it decides which slots are due. */
export type Now = RawBuilder<Date>
export const DATABASE_NOW: Now = sql<Date>`clock_timestamp()`

/** Processes that might have something to do, and those who wait for a run, look at once. */
export const JOBS_CHANNEL = 'job'
const wake = sql`pg_notify(${sql.lit(JOBS_CHANNEL)}, '')`

// Runs that wait and may begin, once their time has come. Whoever pauses a job may still ask for a run of it; and where runs
// may not overlap, one whose holder is gone comes before those that wait.
const mayBegin = sql`(r.state = 'running' or r.state = 'waiting' and (r.asked or not job.paused) and (job.overlap = 'allow'
  or not exists (select from job_run o where o.job = r.job and o.state = 'running')))`
const time = sql`case r.state when 'waiting' then r.due_at else r.lease_until end`
const open = sql`(${mayBegin} and ${time} <= clock_timestamp())`

/** `next` is for a job that is new here, or whose own schedule has changed: what has been is not made up for. */
export async function declareJob(
  tx: Tx,
  job: { name: string; about: string; declared: string; overlap: string; catchUp: string; next: Date | null },
): Promise<void> {
  await sql`
    insert into job (name, about, declared, overlap, catch_up, next_slot)
    values (${job.name}, ${job.about}, ${job.declared}, ${job.overlap}, ${job.catchUp}, ${job.next}::timestamptz)
    on conflict (name) do update set about = excluded.about, declared = excluded.declared, overlap = excluded.overlap,
      catch_up = excluded.catch_up, removed_at = null,
      next_slot = case when job.declared = excluded.declared or job.schedule is not null then job.next_slot else excluded.next_slot end`.execute(
    tx,
  )
}

/** Versions with other jobs that start at the same moment take turns, or each would wait for the rows of the other. */
export async function lockAllJobs(tx: Tx): Promise<void> {
  await sql`select from job order by name for no key update`.execute(tx)
}

/** The jobs that whoever starts last does not have are in no code any more. */
export async function markRemovedJobs(tx: Tx, present: string[]): Promise<void> {
  await sql`update job set removed_at = now() where removed_at is null and name <> all(${present})`.execute(tx)
}

/** Those that nobody who started in all these days has had, with their runs. */
export async function deleteRemovedJobs(tx: Tx, days: number): Promise<void> {
  await sql`
    with gone as (delete from job where removed_at < now() - make_interval(days => ${days}) returning name)
    delete from job_run using gone where job = gone.name`.execute(tx)
}

export async function readDatabaseTime(db: Db | Tx, now: Now): Promise<number> {
  const { rows } = await sql<{ ms: number }>`select (extract(epoch from ${now}) * 1000)::float8 as ms`.execute(db)
  return rows[0]?.ms as number
}

/** How long until something is to be done, and when each job last succeeded: all that a look costs while nothing is. */
export async function pollJobs(db: Db, names: string[], now: Now): Promise<{ dueInMs: number; successes: [string, Date][] }> {
  const { rows } = await sql<{ name: string; due_in_ms: number | null; last_success_at: Date | null }>`
    select name, last_success_at, (extract(epoch from least(
             case when not paused then next_slot - ${now} end,
             (select min(${time}) - clock_timestamp() from job_run r where r.job = job.name and r.state <> 'ended' and ${mayBegin})
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

/** The jobs that have something to do, and that no other process has in hand at this moment. */
export async function lockJobs(tx: Tx, names: string[], now: Now): Promise<LockedJob[]> {
  const { rows } = await sql<LockedJob>`
    select name, schedule, paused, next_slot, ${now} as now from job
     where name = any(${names})
       and (not paused and next_slot <= ${now}
            or exists (select from job_run r where r.job = job.name and r.state <> 'ended' and ${open}))
     order by name for no key update skip locked`.execute(tx)
  return rows
}

/** How many runs of each locked job are not over. Asked after the lock was taken, so that it is true. */
export async function countUnfinishedRuns(tx: Tx, names: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ job: string; runs: number }>`
    select job, count(*)::int as runs from job_run where job = any(${names}) and state <> 'ended' group by job`.execute(tx)
  return new Map(rows.map(row => [row.job, row.runs]))
}

/** Claims slots for the job: a slot is one row, whoever comes first. */
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

export async function moveNextSlot(tx: Tx, job: string, next: Date | null, missed: number): Promise<void> {
  await sql`update job set next_slot = ${next}::timestamptz, missed = missed + ${missed} where name = ${job}`.execute(tx)
}

export interface Claim {
  job: string
  slot: Date
  fence: bigint
  attempt: number
}

/** Ends runs that were taken over so often that they must be what ends their workers. Skips what its holder is about to end. */
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
 * Takes up to `most` runs of jobs that are locked: those that wait, and those whose holder is gone. Of a job whose runs
 * may not overlap only one. Looked at once more at the end: between choosing and locking, a holder may have renewed its lease.
 */
export async function claimRuns(
  tx: Tx,
  names: string[],
  { most, owner, leaseMs }: { most: number; owner: string; leaseMs: number },
): Promise<Claim[]> {
  const { rows } = await sql<Claim>`
    with ready as (
      select r.job, r.slot, r.due_at, job.overlap, row_number() over (partition by r.job order by r.state, r.slot) as place
        from job_run r join job on job.name = r.job
       where r.job = any(${names}) and r.state <> 'ended' and ${open}
    ), chosen as (
      select job, slot from ready where place = 1 or overlap = 'allow' order by due_at limit ${most}
    ), taken as (
      select r.job, r.slot from job_run r join chosen using (job, slot) for update of r skip locked
    )
    update job_run r set state = 'running', fence = nextval('job_fence'), owner = ${owner}, attempt = r.attempt + 1,
           lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}), started_at = clock_timestamp()
      from taken where r.job = taken.job and r.slot = taken.slot and r.state <> 'ended' and ${time} <= clock_timestamp()
    returning r.job, r.slot, r.fence, r.attempt`.execute(tx)
  return rows
}

/** Renews the leases of these claims; returns those that are still ours. */
export async function renewLeases(db: Db, fences: bigint[], leaseMs: number): Promise<bigint[]> {
  const { rows } = await sql<{ fence: bigint }>`
    update job_run set lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
     where state = 'running' and fence = any(${fences}::bigint[]) returning fence`.execute(db)
  return rows.map(row => row.fence)
}

const isOurs = ({ job, slot, fence }: Claim) => sql`job = ${job} and slot = ${slot} and fence = ${fence} and state = 'running'`

/** Holds the claim until the transaction ends: nobody takes the run over meanwhile. False: it is somebody else's. */
export async function lockClaim(tx: Tx, claim: Claim): Promise<boolean> {
  const { rows } = await sql`select from job_run where ${isOurs(claim)} for no key update`.execute(tx)
  return rows.length === 1
}

export interface Ended {
  outcome: 'done' | 'failed' | 'timed_out'
  message: string | null
  /** JSON. */
  report: string | null
}

/** False when the claim is lost: then nothing has been written. */
export async function endRun(db: Db | Tx, claim: Claim, { outcome, message, report }: Ended): Promise<boolean> {
  const { rows } = await sql`
    with ended as (
      update job_run set state = 'ended', outcome = ${outcome}, message = ${message}, report = ${report}::jsonb,
             ended_at = clock_timestamp(), lease_until = null
       where ${isOurs(claim)} returning job, outcome
    ), noted as (
      update job set last_success_at = clock_timestamp() from ended where name = ended.job and ended.outcome = 'done'
    )
    select ${wake} from ended`.execute(db)
  return rows.length === 1
}

/** Gives a run back, to be started again after `inMs`; `tried` says whether this attempt counts. */
export async function releaseRun(
  db: Db,
  claim: Claim,
  { inMs, tried, message }: { inMs: number; tried: boolean; message: string | null },
): Promise<boolean> {
  const { rows } = await sql`
    with released as (
      update job_run set state = 'waiting', owner = null, lease_until = null, attempt = attempt - ${tried ? 0 : 1},
             due_at = clock_timestamp() + make_interval(secs => ${inMs / 1000}), message = coalesce(${message}, message)
       where ${isOurs(claim)} returning job
    )
    select ${wake} from released`.execute(db)
  return rows.length === 1
}

/** Drops up to `most` runs that are over, beyond the newest `keep` of each job; returns how many. */
export async function deleteOldRuns(db: Db, { keep, limit }: { keep: number; limit: number }): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    with old as (
      select r.job, r.slot from job, lateral (
        select job, slot from job_run where job = job.name and state = 'ended' order by slot desc offset ${keep} limit ${limit}
      ) r limit ${limit}
    ), gone as (
      delete from job_run r using old where r.job = old.job and r.slot = old.slot and r.state = 'ended' returning 1
    )
    select count(*)::int as dropped from gone`.execute(db)
  return rows[0]?.dropped ?? 0
}
