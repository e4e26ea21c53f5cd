// Role worker: runs the jobs of all parts when they are due, beside any number of other workers.

import type { Job } from '../base/job.ts'
import { type Scheduler, type SchedulerNeeds, startScheduler } from '../engines/jobs/scheduler.ts'
import type { FeatureModule } from '../features/feature-module.ts'

export interface WorkerNeeds extends Omit<SchedulerNeeds, 'jobs'> {
  parts: FeatureModule[]
  /** Jobs of the rows themselves, which are no part's. */
  upkeep: Job[]
}

export function startWorker({ parts, upkeep, ...needs }: WorkerNeeds): Promise<Scheduler> {
  return startScheduler({ ...needs, jobs: [...upkeep, ...parts.flatMap(part => part.jobs ?? [])] })
}
