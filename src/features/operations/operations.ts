// The admin API of what runs: jobs, counters, consumers of the log, caches, the recommender, queries.

import type { Metrics } from '../../base/metrics.ts'
import type { Caches } from '../../engines/cache/caches.ts'
import type { Database } from '../../engines/database/database.ts'
import type { JobControl } from '../../engines/jobs/control.ts'
import type { Experiments } from '../../recommend/experiments/experiments.ts'
import type { FactorsView } from '../../recommend/nightly/factors-view.ts'
import type { ModelView } from '../../recommend/nightly/model-view.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { FeatureModule } from '../feature-module.ts'
import { createCacheAdmin } from './caches.ts'
import { createConsumerAdmin } from './consumer-admin.ts'
import { consumerRoutes } from './consumers.routes.ts'
import { type Needs as CounterNeeds, createCounterAdmin } from './counter-admin.ts'
import { counterRoutes } from './counters.routes.ts'
import { experimentRoutes } from './experiments.routes.ts'
import { figureRoutes } from './figures.routes.ts'
import { jobRoutes } from './jobs.routes.ts'
import { policyRoutes } from './policies.routes.ts'
import type { OperatorPolicies } from './policies.ts'
import type { ProcessState } from './process.schema.ts'
import { createRecommenderFigures } from './recommender-figures.ts'

export interface Needs extends Omit<CounterNeeds, 'db'> {
  database: Database
  metrics: Metrics
  caches: Caches
  /** The zone of the site's days. */
  zone: string
  /** For how many days pages of the feed are kept. */
  pageDays: number
  /** What was trained each night, the newest first. */
  listModels: (limit: number) => Promise<ModelView[]>
  listFactors: (limit: number) => Promise<FactorsView[]>
  experiments: Experiments
  policies: OperatorPolicies
  thisProcess: () => ProcessState
  jobControl: JobControl
  /** Note who did what. */
  record: OperationLog['record']
  change: OperationLog['change']
}

export function createOperations(needs: Needs): FeatureModule {
  const { database, metrics, caches, zone, pageDays, listModels, listFactors, thisProcess, jobControl, record } = needs
  const { db } = database
  const counters = createCounterAdmin({ ...needs, db })
  const consumers = createConsumerAdmin(db)
  const readCaches = createCacheAdmin({ caches, metrics })
  const readRecommender = createRecommenderFigures({ db, metrics, zone, pageDays, listModels, listFactors })
  return {
    routes: {
      async 'own admin'(server) {
        await jobRoutes(jobControl, record)(server)
        await counterRoutes(counters, record)(server)
        await consumerRoutes(consumers, record)(server)
        await experimentRoutes(needs.experiments, needs.change)(server)
        await policyRoutes(needs.policies)(server)
        await figureRoutes({ database, readCaches, readRecommender, thisProcess })(server)
      },
    },
  }
}
