// The tasks that run the durable consumers of the features: in each worker, of which one at a time has the lease of a consumer.

import { FOLLOW_LOG, type Task } from '../base/task.ts'
import { createDurableConsumer } from '../engines/log/durable-consumer.ts'
import { releaseLeases } from '../engines/log/offset.sql.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface ConsumerTasks {
  tasks: Task[]
  /** After the tasks have stopped: the other workers go on at once. */
  release(): Promise<void>
}

/** `processId` differs between all processes of the site. */
export function createConsumerTasks(
  { config, database: { db, pool }, lags }: Pick<Infrastructure, 'config' | 'database' | 'lags'>,
  modules: FeatureModule[],
  processId: string,
): ConsumerTasks {
  if (!config.roles.has('worker')) return { tasks: [], release: async () => {} }
  const specs = modules.flatMap(module => module.consumers ?? [])
  return {
    tasks: specs.map(spec => {
      const { catchUp } = createDurableConsumer(spec, { db, pool, lags, leaseHolder: processId })
      return { name: `consume-${spec.name}`, role: 'worker', ...FOLLOW_LOG, notifications: [spec.log], run: catchUp }
    }),
    release: () => releaseLeases(db, processId).catch(() => {}), // they end by themselves
  }
}
