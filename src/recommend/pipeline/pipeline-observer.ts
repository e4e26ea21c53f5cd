// Observes pipeline runs: durations and removals go to metrics, failures to the log, and candidates per step to a funnel.

import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { FunnelStep } from '../contract.ts'
import type { PipelineObserver } from './pipeline.ts'

export interface ObservedRun {
  observer: PipelineObserver
  funnel: FunnelStep[]
  failedSteps: string[]
}

/** Returns a function that makes the observer of one run. The run fills `funnel` and `failedSteps`. */
export function createPipelineObserver({ metrics, log }: { metrics: Metrics; log: Log }) {
  const steps = metrics.histogram('pipeline_step_seconds', 'Time a step of the ranking pipeline takes', ['step'])
  const removed = metrics.counter('pipeline_removed_total', 'Candidates a filter removed', ['filter'])
  const candidates = metrics.counter('pipeline_candidates_total', 'Candidates left after a step, over all runs', ['step'])
  const failed = metrics.counter('pipeline_failed_total', 'Steps that failed and were left out', ['step'])
  return (): ObservedRun => {
    const funnel: FunnelStep[] = []
    const failedSteps: string[] = []
    const observer: PipelineObserver = {
      step(step, seconds, left) {
        steps.observe(seconds, [step])
        if (step.startsWith('query.')) return
        candidates.add([step], left)
        funnel.push({ step, left })
      },
      removed(filter, count, left) {
        candidates.add([`filter.${filter}`], left)
        funnel.push({ step: `filter.${filter}`, left })
        if (count > 0) removed.add([filter], count)
      },
      failed(step, err) {
        failed.add([step])
        failedSteps.push(step)
        log.warn({ err, step }, 'ranking step failed and was left out')
      },
    }
    return { observer, funnel, failedSteps }
  }
}
