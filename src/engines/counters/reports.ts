// The result of comparing one kind with its rows; one table keeps the last one of each kind, another all of them.

import { sql } from 'kysely'
import type pg from 'pg'
import type { Db } from '../database/database.ts'
import type { CounterKind } from './kinds.ts'

/** The field names are those of the CLI and of the admin API. */
export interface ReconcileReport {
  kind: CounterKind
  /** Counts compared. */
  checked: number
  /** Sum of the absolute errors before the correction: rows_drift + store_drift. */
  drift: number
  /** In the counts kept in PostgreSQL. */
  rows_drift: number
  /** In Redis. */
  store_drift: number
  /** Shards in Redis that could not be compared. */
  unusable: number
  /** Shards in Redis that were corrected or rebuilt. */
  repaired: number
  /** The transaction id up to which was compared. */
  watermark: string
  seconds: number
}

export async function saveReport(pool: pg.Pool, report: ReconcileReport): Promise<void> {
  const { kind, checked, rows_drift, store_drift, repaired, watermark, seconds } = report
  await pool.query(
    `with kept as (
       insert into reconcile_result (kind, checked, rows_drift, store_drift, repaired, seconds) values ($1, $2, $3, $4, $5, $7)
     )
     insert into reconcile_report (kind, checked, rows_drift, store_drift, repaired, watermark, seconds)
     values ($1, $2, $3, $4, $5, $6::xid8, $7)
     on conflict (kind) do update set checked = excluded.checked, rows_drift = excluded.rows_drift, store_drift = excluded.store_drift,
       repaired = excluded.repaired, watermark = excluded.watermark, seconds = excluded.seconds, at = now()`,
    [kind, checked, rows_drift, store_drift, repaired, watermark, seconds],
  )
}

export interface LastReport {
  kind: CounterKind
  drift: number
  at: Date
}

export async function lastReportsByKind(db: Db): Promise<Map<CounterKind, LastReport>> {
  const rows = await db.selectFrom('reconcile_report').select(['kind', 'rows_drift', 'store_drift', 'at']).execute()
  return new Map(
    rows.map(row => [
      row.kind as CounterKind,
      { kind: row.kind as CounterKind, drift: Number(row.rows_drift + row.store_drift), at: row.at },
    ]),
  )
}

/** One comparison: how wrong the counts of a kind were before they were corrected. */
export interface PastReport {
  kind: CounterKind
  at: Date
  checked: number
  rows_drift: number
  store_drift: number
  repaired: number
}

/** The newest comparisons of the last days, oldest first; of one kind, or of all. */
export async function listPastReports(
  db: Db,
  { days, kind, limit }: { days: number; kind?: CounterKind; limit: number },
): Promise<PastReport[]> {
  const { rows } = await sql<PastReport>`
    select kind, at, checked::float8 as checked, rows_drift::float8 as rows_drift, store_drift::float8 as store_drift, repaired
      from reconcile_result
     where at > now() - make_interval(days => ${days}) and (${kind ?? null}::text is null or kind = ${kind ?? null})
     order by at desc, id desc limit ${limit}`.execute(db)
  return rows.toReversed()
}

/** Deletes up to `limit` results older than so many days; returns how many. */
export async function deleteOldReports(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from reconcile_result where id = any(array(
      select id from reconcile_result where at < now() - make_interval(days => ${days}) order by at limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}
