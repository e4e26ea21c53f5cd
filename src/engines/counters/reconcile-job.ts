// Each night every count is compared with the rows.

import { HOUR, MINUTE } from '../../base/clock.ts'
import type { Job } from '../../base/job.ts'
import type { Reconciler } from './reconcile.ts'

/** The name and the hour are those of the original. */
export function createFixStatisticsJob(reconciler: Reconciler): Job {
  return {
    name: 'fix-statistics',
    about: 'compares every count with the rows, kind by kind, and corrects differences',
    schedule: '0 3 * * *',
    timeoutMs: HOUR,
    // If the database restarts during the comparison, a retry saves waiting for the next night.
    retries: 3,
    backoffMs: MINUTE,
    async run({ signal }) {
      const reports = await reconciler.reconcile(undefined, { signal })
      const failed = reports.flatMap(report => ('error' in report ? [`${report.kind}: ${report.error}`] : []))
      if (failed.length > 0) throw new Error(`not compared: ${failed.join('; ')}`)
      const sum = (pick: 'checked' | 'drift' | 'repaired') => reports.reduce((total, each) => total + ('error' in each ? 0 : each[pick]), 0)
      return { checked: sum('checked'), drift: sum('drift'), repaired: sum('repaired') }
    },
  }
}
