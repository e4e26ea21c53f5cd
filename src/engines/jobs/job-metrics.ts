import type { Metrics } from '../../base/metrics.ts'
import type { Outcome } from './run.ts'

export function createJobMetrics(metrics: Metrics) {
  const runs = metrics.counter('job_runs_total', 'Runs of jobs that ended in this process', ['job', 'outcome'])
  const missed = metrics.counter('job_missed_total', 'Slots that fell due while no worker was running and are not caught up', ['job'])
  const lastSuccesses = new Map<string, number>()
  metrics.labelledGauge('job_last_success_timestamp_seconds', 'When each job last succeeded, in any process', ['job'], () =>
    [...lastSuccesses].map(([job, seconds]) => [[job], seconds]),
  )
  return {
    countRuns: (job: string, outcome: Outcome | 'skipped', count = 1) => runs.add([job, outcome], count),
    countMissed: (job: string, count: number) => missed.add([job], count),
    noteSuccess: (job: string, at: Date) => void lastSuccesses.set(job, Math.max(at.getTime() / 1000, lastSuccesses.get(job) ?? 0)),
  }
}
