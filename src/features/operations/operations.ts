// The admin API of jobs, counters and consumers of the log.

import type { JobControl } from '../../engines/jobs/control.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { FeatureModule } from '../feature-module.ts'
import { createConsumerAdmin } from './consumer-admin.ts'
import { consumerRoutes } from './consumers.routes.ts'
import { type Needs as CounterNeeds, createCounterAdmin } from './counter-admin.ts'
import { counterRoutes } from './counters.routes.ts'
import { jobRoutes } from './jobs.routes.ts'

export interface Needs extends CounterNeeds {
  jobControl: JobControl
  /** Notes who did what. */
  record: OperationLog['record']
}

export function createOperations({ jobControl, record, ...counterNeeds }: Needs): FeatureModule {
  const counters = createCounterAdmin(counterNeeds)
  const consumers = createConsumerAdmin(counterNeeds.db)
  return {
    routes: {
      async 'own admin'(server) {
        await jobRoutes(jobControl, record)(server)
        await counterRoutes(counters, record)(server)
        await consumerRoutes(consumers, record)(server)
      },
    },
  }
}
