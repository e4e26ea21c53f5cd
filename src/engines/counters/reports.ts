// The last comparison of each kind with its rows.

import type pg from 'pg'
import type { Db } from '../database/database.ts'
import type { CounterKind } from './kinds.ts'
import type { ReconcileReport } from './reconcile.ts'

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
