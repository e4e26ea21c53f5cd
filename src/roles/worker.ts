// Role worker: runs the jobs of all parts when they are due, beside any number of other workers.

import type { Job } from '../base/job.ts'
import { type Scheduler, type SchedulerNeeds, startScheduler } from '../engines/jobs/scheduler.ts'
import type { FeatureModule } from '../features/feature-module.ts'

export interface WorkerNeeds extends Omit<SchedulerNeeds, 'jobs'> {
  modules: FeatureModule[]
  /** Jobs of the rows themselves, which are no part's. */
  retentionJobs: Job[]
}

export function startWorker({ modules, retentionJobs, ...needs }: WorkerNeeds): Promise<Scheduler> {
  return startScheduler({ ...needs, jobs: [...retentionJobs, ...modules.flatMap(part => part.jobs ?? [])] })
}
