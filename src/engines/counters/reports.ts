// The result of comparing one kind with its rows, and the table that keeps the last one of each kind.

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
    `insert into reconcile_report (kind, checked, rows_drift, store_drift, repaired, watermark, seconds)
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
