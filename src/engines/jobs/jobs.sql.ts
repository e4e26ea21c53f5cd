// What the queries of this folder share, and the rows of `job`: which jobs the code has.

import { type RawBuilder, sql } from 'kysely'
import type { NotifyTopic } from '../../base/task.ts'
import type { Db, Tx } from '../database/database.ts'

/** SQL for the current time when due slots are determined. Tests give another. */
export type Now = RawBuilder<Date>
export const DATABASE_NOW: Now = sql<Date>`clock_timestamp()`

/** Workers poll at once when something is published here. */
export const JOBS_TOPIC = 'job' satisfies NotifyTopic
export const notifyWorkers = sql`pg_notify(${sql.lit(JOBS_TOPIC)}, '')`

/** Milliseconds since 1970. */
export async function readDatabaseTime(db: Db | Tx, now: Now): Promise<number> {
  const { rows } = await sql<{ ms: number }>`select (extract(epoch from ${now}) * 1000)::float8 as ms`.execute(db)
  return rows[0]?.ms as number
}

/** Versions with different jobs that start at the same moment declare them one after another; else they could deadlock. */
export async function lockAllJobs(tx: Tx): Promise<void> {
  await sql`select from job order by name for no key update`.execute(tx)
}

/** Inserts or updates a job. `nextSlot` applies if the job is new or its declared schedule has changed, so no earlier slot is caught up. */
export async function upsertJob(
  tx: Tx,
  job: { name: string; about: string; declared: string; overlap: string; catchUp: string; nextSlot: Date | null },
): Promise<void> {
  await sql`
    insert into job (name, about, declared, overlap, catch_up, next_slot)
    values (${job.name}, ${job.about}, ${job.declared}, ${job.overlap}, ${job.catchUp}, ${job.nextSlot}::timestamptz)
    on conflict (name) do update set about = excluded.about, declared = excluded.declared, overlap = excluded.overlap,
      catch_up = excluded.catch_up, removed_at = null,
      next_slot = case when job.declared = excluded.declared or job.schedule is not null then job.next_slot else excluded.next_slot end`.execute(
    tx,
  )
}

/** Marks the jobs that the latest worker to start does not have. */
export async function markRemovedJobs(tx: Tx, present: string[]): Promise<void> {
  await sql`update job set removed_at = now() where removed_at is null and name <> all(${present})`.execute(tx)
}

/** Deletes jobs that have been marked as removed for `days`, with their runs. */
export async function deleteRemovedJobs(tx: Tx, days: number): Promise<void> {
  await sql`
    with removed as (delete from job where removed_at < now() - make_interval(days => ${days}) returning name)
    delete from job_run using removed where job = removed.name`.execute(tx)
}
