import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { PipelineObserver } from './pipeline.ts'

export interface Watching {
  watch: PipelineObserver
  /** How many candidates each step left, filled as the run goes on. */
  funnel: { step: string; left: number }[]
}

/** Puts what a pipeline tells of its steps into metrics, its failures into the log, and each run's numbers into a funnel. */
export function createPipelineObserver({ metrics, log }: { metrics: Metrics; log: Log }): () => Watching {
  const steps = metrics.histogram('pipeline_step_seconds', 'Time a step of the ranking pipeline takes', ['step'])
  const removed = metrics.counter('pipeline_removed_total', 'Candidates a filter removed', ['filter'])
  const failed = metrics.counter('pipeline_failed_total', 'Steps that failed and were left out', ['step'])
  return () => {
    const funnel: Watching['funnel'] = []
    const watch: PipelineObserver = {
      step(step, seconds, left) {
        steps.observe(seconds, [step])
        if (!step.startsWith('query.')) funnel.push({ step, left })
      },
      removed(filter, count, left) {
        funnel.push({ step: `filter.${filter}`, left })
        if (count > 0) removed.add([filter], count)
      },
      failed(step, err) {
        failed.add([step])
        log.warn({ err, step }, 'ranking step failed and was left out')
      },
    }
    return { watch, funnel }
  }
}
