// The task that tells this process's caches and features which rows have changed.

import type { Task } from '../base/task.ts'
import type { Config } from '../config.ts'
import type { Bus } from '../engines/bus/bus.ts'
import { type Caches, TRACKED_CHANGES_MAX } from '../engines/cache/caches.ts'
import type { Db } from '../engines/database/database.ts'
import { consumeChanges, readRecentChanges } from '../engines/log/change-log.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import type { Infrastructure } from './infrastructure.ts'

interface ChangeTaskNeeds extends Pick<Infrastructure, 'lags' | 'log'> {
  config: Pick<Config, 'roles'>
  database: { db: Db }
  modules: FeatureModule[]
  caches: Caches
  bus: Bus
}

/** A notification may be lost; then a change is noticed after this time. */
const POLL_MS = 500

export async function createChangeTask({ config, database: { db }, lags, log, modules, caches, bus }: ChangeTaskNeeds): Promise<Task> {
  const role = (['api', 'realtime'] as const).find(each => config.roles.has(each))
  const consumer = await consumeChanges(
    db,
    'features',
    {
      onChanges(changes) {
        caches.invalidate(changes)
        modules.forEach(module => module.onChange?.(changes))
        const xid = changes.at(-1)?.xid
        if (xid !== undefined) bus.publish('change', { xid }) // for processes that are reconnecting to PostgreSQL and missed its notification
      },
      onGap(at, history) {
        log.warn('changes may have been missed: caches in memory are cleared')
        caches.reset(at, history)
        modules.forEach(module => module.onGap?.())
      },
    },
    role ? lags : undefined, // without these roles the task does not run, and has no lag
  )
  // Read after the consumer has its position, so that no change falls between the two.
  const recent = caches.outliveProcess ? await readRecentChanges(db, TRACKED_CHANGES_MAX) : []
  caches.start(recent, recent.length < TRACKED_CHANGES_MAX, consumer.incarnation())
  const run = async () => {
    await consumer.catchUp()
    const at = consumer.caughtUpAt()
    if (at !== undefined) caches.setCaughtUpAt(at)
  }
  return { name: 'follow-changes', role: role ?? 'api', intervalMs: POLL_MS, notifications: ['change'], run }
}
