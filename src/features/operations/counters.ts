// The counts, for those who run the place: how they are, put right on demand, and where one number comes from.

import { notFound } from '../../base/problem.ts'
import { COUNTER_KINDS, type Counters, isCounterKind } from '../../engines/counters/counters.ts'
import type { FixStatistics, Report } from '../../engines/counters/reconcile.ts'
import { lastReports } from '../../engines/counters/reports.ts'
import type { Db } from '../../engines/database/database.ts'

export type CounterOffice = ReturnType<typeof createCounterOffice>

export interface Needs {
  db: Db
  counters: Counters
  fixStatistics: FixStatistics
  /** Null when it cannot be told; readers get exact counts then. */
  lagSeconds: () => Promise<number | null>
}

export function createCounterOffice({ db, counters, fixStatistics, lagSeconds }: Needs) {
  const known = (kind: string) => {
    if (!isCounterKind(kind)) throw notFound(`There is no count of the kind ${kind}.`)
    return kind
  }
  return {
    async list() {
      const [lag, reports] = await Promise.all([lagSeconds(), lastReports(db)])
      return COUNTER_KINDS.map(kind => {
        const report = reports.get(kind)
        return { kind, lag_seconds: lag, last_drift: report?.drift ?? null, last_reconcile_at: report?.at.toISOString() ?? null }
      })
    },

    /** Compares every count of a kind with the rows, and corrects what differs. */
    async rebuild(kind: string): Promise<Report> {
      return fixStatistics.one(known(kind))
    },

    explain: async (kind: string, id: bigint) => counters.explain(known(kind), id),
  }
}
