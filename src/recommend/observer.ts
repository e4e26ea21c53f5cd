import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import type { Observer } from './pipeline.ts'

/** Puts what a pipeline tells of its steps into metrics, and its failures into the log. */
export function observer({ metrics, log }: { metrics: Metrics; log: Log }): Observer {
  const steps = metrics.histogram('pipeline_step_seconds', 'Time a step of the ranking pipeline takes', ['step'])
  const removed = metrics.counter('pipeline_removed_total', 'Candidates a filter removed', ['filter'])
  const failed = metrics.counter('pipeline_failed_total', 'Steps that failed and were left out', ['step'])
  return {
    step: (step, seconds) => steps.observe(seconds, [step]),
    removed: (filter, count) => count > 0 && removed.add([filter], count),
    failed(step, err) {
      failed.add([step])
      log.warn({ err, step }, 'ranking step failed and was left out')
    },
  }
}
