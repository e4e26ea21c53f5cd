// What an operator sees of durable consumers, and how changes that were set aside are retried.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import type { LogTable } from './log-rows.sql.ts'
import { decodeRow } from './set-aside.sql.ts'

export interface ConsumerState {
  name: string
  log: LogTable
  offset: string
  /** Whether a worker has its lease. */
  running: boolean
  /** It makes its results from the rows and follows no changes yet. */
  building: boolean
  seenAt: Date
  /** Rows of the log after the offset, counted up to BEHIND_MAX. */
  behind: number
  lagSeconds: number
  retrying: number
  setAside: number
}

const BEHIND_MAX = 10_000 // minutes of a busy day; more is "far behind" to an operator

export async function listConsumers(db: Db): Promise<ConsumerState[]> {
  const { rows } = await sql<ConsumerState & { seq: bigint; caughtUpSeconds: number }>`
    select name, log, xid::text as offset, seq, seen_at as "seenAt", coalesce(lease_until > clock_timestamp(), false) as running,
           lineage is null as building,
           extract(epoch from clock_timestamp() - coalesce(caught_up_at, seen_at))::float8 as "caughtUpSeconds",
           (select count(*)::int from set_aside s where s.log = c.log and consumer = name and next_at is not null) as retrying,
           (select count(*)::int from set_aside s where s.log = c.log and consumer = name and next_at is null) as "setAside"
      from log_consumer c where log <> 'counter_delta' order by name`.execute(db)
  return Promise.all(
    rows.map(async ({ seq, caughtUpSeconds, ...row }) => {
      const behind = await countBehind(db, row.log, row.offset, seq)
      return { ...row, behind, lagSeconds: behind === 0 ? 0 : Math.max(0, caughtUpSeconds) }
    }),
  )
}

async function countBehind(db: Db, log: LogTable, xid: string, seq: bigint): Promise<number> {
  const { rows } = await sql<{ behind: number }>`
    select count(*)::int as behind from (
      select from ${sql.table(log)} where (xid, seq) > (${xid}::xid8, ${seq}) limit ${BEHIND_MAX}) after_it`.execute(db)
  return rows[0]?.behind ?? 0
}

export interface SetAsideState {
  id: bigint
  consumer: string
  log: string
  /** With xid and seq. */
  row: Record<string, unknown>
  reason: string
  attempts: number
  since: Date
  triedAt: Date
  /** Null: it waits for an operator. */
  nextAt: Date | null
}

/** The oldest first. */
export async function listSetAside(
  db: Db,
  { consumer, id, limit }: { consumer?: string; id?: bigint; limit: number },
): Promise<SetAsideState[]> {
  const { rows } = await sql<Omit<SetAsideState, 'row'> & { row: string }>`
    select id, consumer, log, row::text as row, reason, attempts, since, tried_at as "triedAt", next_at as "nextAt" from set_aside
     where consumer = coalesce(${consumer ?? null}, consumer) and id = coalesce(${id ?? null}, id) order by id limit ${limit}`.execute(db)
  return rows.map(each => ({ ...each, row: decodeRow<Record<string, unknown>>(each.row) }))
}

/** Asks a consumer to try again at once, one change or all of its changes; returns how many. The worker is woken. */
export async function requestRetry(db: Db, { consumer, id }: { consumer?: string; id?: bigint }): Promise<number> {
  const { rows } = await sql<{ log: string }>`
    with asked as (
      update set_aside set next_at = now()
       where consumer = coalesce(${consumer ?? null}, consumer) and id = coalesce(${id ?? null}, id) returning log
    )
    select log, pg_notify(log, '') from asked`.execute(db)
  return rows.length
}
