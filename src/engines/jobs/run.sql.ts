// The life of a claimed run: its lease, its end, and how long it is kept.

import { sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'
import type { Claim } from './claim.sql.ts'
import { notifyWorkers } from './jobs.sql.ts'

/** Renews the leases of these claims. Returns the fences of those that still hold. */
export async function renewLeases(db: Db, fences: bigint[], leaseMs: number): Promise<bigint[]> {
  const { rows } = await sql<{ fence: bigint }>`
    update job_run set lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000})
     where state = 'running' and fence = any(${fences}::bigint[]) returning fence`.execute(db)
  return rows.map(row => row.fence)
}

const isHeld = ({ job, slot, fence }: Claim) => sql`job = ${job} and slot = ${slot} and fence = ${fence} and state = 'running'`

/** Locks the run until the transaction ends, so that no worker takes it over meanwhile. False if the claim is lost. */
export async function lockClaim(tx: Tx, claim: Claim): Promise<boolean> {
  const { rows } = await sql`select from job_run where ${isHeld(claim)} for no key update`.execute(tx)
  return rows.length === 1
}

export interface RunEnd {
  outcome: 'done' | 'failed' | 'timed_out'
  message: string | null
  /** JSON. */
  report: string | null
}

/** Ends a run. False, and nothing is written, if the claim is lost. */
export async function endRun(db: Db | Tx, claim: Claim, { outcome, message, report }: RunEnd): Promise<boolean> {
  const { rows } = await sql`
    with ended as (
      update job_run set state = 'ended', outcome = ${outcome}, message = ${message}, report = ${report}::jsonb,
             ended_at = clock_timestamp(), lease_until = null
       where ${isHeld(claim)} returning job, outcome
    ), success as (
      update job set last_success_at = clock_timestamp() from ended where name = ended.job and ended.outcome = 'done'
    )
    select ${notifyWorkers} from ended`.execute(db)
  return rows.length === 1
}

/** Returns a run to `waiting`; it is due again in `delayMs`. Only a counted attempt uses up a retry. False if the claim is lost. */
export async function releaseRun(
  db: Db,
  claim: Claim,
  { delayMs, countAttempt, message }: { delayMs: number; countAttempt: boolean; message: string | null },
): Promise<boolean> {
  const { rows } = await sql`
    with released as (
      update job_run set state = 'waiting', owner = null, lease_until = null, attempt = attempt - ${countAttempt ? 0 : 1},
             due_at = clock_timestamp() + make_interval(secs => ${delayMs / 1000}), message = coalesce(${message}, message)
       where ${isHeld(claim)} returning job
    )
    select ${notifyWorkers} from released`.execute(db)
  return rows.length === 1
}

/** Deletes up to `limit` ended runs beyond the newest `keep` of each job. Returns how many. */
export async function deleteOldRuns(db: Db, { keep, limit }: { keep: number; limit: number }): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with old as (
      select r.job, r.slot from job, lateral (
        select job, slot from job_run where job = job.name and state = 'ended' order by slot desc offset ${keep} limit ${limit}
      ) r limit ${limit}
    ), deleted as (
      delete from job_run r using old where r.job = old.job and r.slot = old.slot and r.state = 'ended' returning 1
    )
    select count(*)::int as deleted from deleted`.execute(db)
  return rows[0]?.deleted ?? 0
}
