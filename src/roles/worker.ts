// Role `worker`: runs the jobs that are due, together with any number of other workers.

import type { Job } from '../base/job.ts'
import { type Scheduler, type SchedulerNeeds, startScheduler } from '../engines/jobs/scheduler.ts'
import type { FeatureModule } from '../features/feature-module.ts'

export interface WorkerNeeds extends Omit<SchedulerNeeds, 'jobs'> {
  modules: FeatureModule[]
  retentionJobs: Job[]
}

export function startWorker({ modules, retentionJobs, ...needs }: WorkerNeeds): Promise<Scheduler> {
  return startScheduler({ ...needs, jobs: [...retentionJobs, ...modules.flatMap(module => module.jobs ?? [])] })
}
