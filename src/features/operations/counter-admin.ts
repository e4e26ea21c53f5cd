// What administrators can do with counters: see lag and drift, rebuild a kind, explain one value.

import { notFound } from '../../base/problem.ts'
import { COUNTER_KINDS, type Counters, isCounterKind } from '../../engines/counters/counters.ts'
import type { ReconcileReport, Reconciler } from '../../engines/counters/reconcile.ts'
import { lastReportsByKind, listPastReports } from '../../engines/counters/reports.ts'
import type { Db } from '../../engines/database/database.ts'

export type CounterAdmin = ReturnType<typeof createCounterAdmin>

export interface Needs {
  db: Db
  counters: Counters
  reconciler: Reconciler
  /** Null if the counter store is unreachable; readers then get counts from the rows. */
  lagSeconds: () => Promise<number | null>
}

/** Nightly comparisons of all kinds for a year are 5,000. */
const HISTORY_MAX = 5_000

export function createCounterAdmin({ db, counters, reconciler, lagSeconds }: Needs) {
  const assertKind = (kind: string) => {
    if (!isCounterKind(kind)) throw notFound(`There is no count of the kind ${kind}.`)
    return kind
  }
  return {
    async list() {
      const [lag, reports] = await Promise.all([lagSeconds(), lastReportsByKind(db)])
      return COUNTER_KINDS.map(kind => {
        const report = reports.get(kind)
        return { kind, lag_seconds: lag, last_drift: report?.drift ?? null, last_reconcile_at: report?.at.toISOString() ?? null }
      })
    },

    /** The comparisons of the last days, oldest first; of one kind, or of all. */
    async history({ days, kind }: { days: number; kind?: string }) {
      const reports = await listPastReports(db, { days, kind: kind === undefined ? undefined : assertKind(kind), limit: HISTORY_MAX })
      return reports.map(report => ({ ...report, at: report.at.toISOString(), drift: report.rows_drift + report.store_drift }))
    },

    /** Compares every counter of a kind with the rows, and corrects those that differ. */
    async reconcile(kind: string): Promise<ReconcileReport> {
      return reconciler.reconcileNow(assertKind(kind))
    },

    /** Throws `not-found` for an unknown kind. */
    explain: async (kind: string, id: bigint) => counters.explain(assertKind(kind), id),
  }
}
