// The counts, for those who run the place: how they are, put right on demand, and where one number comes from.

import { notFound } from '../../base/problem.ts'
import { COUNTER_KINDS, type Counters, isCounterKind } from '../../engines/counters/counters.ts'
import type { ReconcileReport, Reconciler } from '../../engines/counters/reconcile.ts'
import { lastReportsByKind } from '../../engines/counters/reports.ts'
import type { Db } from '../../engines/database/database.ts'

export type CounterAdmin = ReturnType<typeof createCounterAdmin>

export interface Needs {
  db: Db
  counters: Counters
  reconciler: Reconciler
  /** Null when it cannot be told; readers get exact counts then. */
  lagSeconds: () => Promise<number | null>
}

export function createCounterAdmin({ db, counters, reconciler, lagSeconds }: Needs) {
  const known = (kind: string) => {
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

    /** Compares every count of a kind with the rows, and corrects what differs. */
    async rebuild(kind: string): Promise<ReconcileReport> {
      return reconciler.reconcileNow(known(kind))
    },

    explain: async (kind: string, id: bigint) => counters.explain(known(kind), id),
  }
}
