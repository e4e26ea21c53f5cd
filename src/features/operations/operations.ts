// The admin API of jobs and counters.

import type { JobControl } from '../../engines/jobs/control.ts'
import type { FeatureModule } from '../feature-module.ts'
import { type Needs as CounterNeeds, createCounterAdmin } from './counter-admin.ts'
import { counterRoutes } from './counters.routes.ts'
import { jobRoutes } from './jobs.routes.ts'

export interface Needs extends CounterNeeds {
  jobControl: JobControl
}

export function createOperations({ jobControl, ...counterNeeds }: Needs): FeatureModule {
  const counters = createCounterAdmin(counterNeeds)
  return {
    routes: {
      async 'own admin'(server) {
        await jobRoutes(jobControl)(server)
        await counterRoutes(counters)(server)
      },
    },
  }
}
