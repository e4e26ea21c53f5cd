// Reads jobs and runs for operators, changes jobs, and adds manual runs.

import { sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'
import { notifyWorkers } from './jobs.sql.ts'

export interface JobRow {
  name: string
  about: string
  declared: string
  schedule: string | null
  overlap: string
  catch_up: string
  paused: boolean
  /** No running version has it any more. */
  removed: boolean
  next_slot: Date | null
  last_success_at: Date | null
  missed: number
  waiting: number
  running: number
  last_outcome: string | null
  last_slot: Date | null
}

export async function listJobRows(db: Db, name?: string): Promise<JobRow[]> {
  const { rows } = await sql<JobRow>`
    select name, about, declared, schedule, overlap, catch_up, paused, removed_at is not null as removed,
           case when not paused and removed_at is null then next_slot end as next_slot,
           last_success_at, missed::float8 as missed, open.waiting, open.running, last.outcome as last_outcome, last.slot as last_slot
      from job,
           lateral (select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'running')::int as running
                      from job_run where job = name and state <> 'ended') open
           left join lateral (select outcome, slot from job_run where job = name and state = 'ended' order by slot desc limit 1) last on true
     where ${name === undefined ? sql`true` : sql`name = ${name}`}
     order by name`.execute(db)
  return rows
}

export async function lockJob(tx: Tx, name: string): Promise<{ declared: string; schedule: string | null; paused: boolean } | undefined> {
  const { rows } = await sql<{ declared: string; schedule: string | null; paused: boolean }>`
    select declared, schedule, paused from job where name = ${name} for no key update`.execute(tx)
  return rows[0]
}

export async function updateJob(
  tx: Tx,
  name: string,
  { paused, schedule, nextSlot }: { paused: boolean; schedule: string | null; nextSlot: Date | null },
): Promise<void> {
  await sql`
    with changed as (
      update job set paused = ${paused}, schedule = ${schedule}, next_slot = ${nextSlot}::timestamptz where name = ${name} returning 1
    ) select ${notifyWorkers} from changed`.execute(tx)
}

/** Adds a waiting manual run; its slot is the present millisecond. Undefined if that slot has a run, or there is no such job. */
export async function insertManualRun(db: Db, name: string): Promise<Date | undefined> {
  const { rows } = await sql<{ slot: Date }>`
    with manual as (
      insert into job_run (job, slot, asked, state)
      select name, date_trunc('milliseconds', clock_timestamp()), true, 'waiting' from job where name = ${name}
      on conflict (job, slot) do nothing returning slot
    ) select slot, ${notifyWorkers} from manual`.execute(db)
  return rows[0]?.slot
}

export interface RunRow {
  slot: Date
  /** A manual run. */
  asked: boolean
  state: 'waiting' | 'running' | 'ended'
  outcome: string | null
  attempt: number
  fence: bigint | null
  due_at: Date
  started_at: Date | null
  ended_at: Date | null
  message: string | null
  report: unknown
}

/** Newest slot first. */
export async function listRunRows(db: Db, name: string, limit: number, slot?: Date): Promise<RunRow[]> {
  const { rows } = await sql<RunRow>`
    select slot, asked, state, outcome, attempt, fence, due_at, started_at, ended_at, message, report from job_run
     where job = ${name} and ${slot ? sql`slot = ${slot}` : sql`true`} order by slot desc limit ${limit}`.execute(db)
  return rows
}
