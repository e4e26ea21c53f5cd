// Counts: the engine to read them from (Redis with REDIS_URL, else PostgreSQL) and the tasks and the job that maintain them.

import { SECOND } from '../base/clock.ts'
import type { Task } from '../base/task.ts'
import type { Counters } from '../engines/counters/counters.ts'
import { createFolding } from '../engines/counters/fold.ts'
import { createReconciler, type Reconciler } from '../engines/counters/reconcile.ts'
import { createApplier } from '../engines/counters/redis/applier.ts'
import { removeConsumer } from '../engines/counters/redis/consumer.sql.ts'
import { readCaughtUpAt, redisCounters } from '../engines/counters/redis/read.ts'
import { lastReportsByKind } from '../engines/counters/reports.ts'
import { tableCounters } from '../engines/counters/table.ts'
import { oldestWriterSeconds } from '../engines/log/oldest-writer.sql.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface Counting {
  counters: Counters
  reconciler: Reconciler
  /** Null if unknown: then counts are read from the rows. */
  lagSeconds: () => Promise<number | null>
  tasks: Task[]
  close(): Promise<void>
}

const TICK_MS = 200 // counts in Redis are about a quarter of a second behind; the promise is a second
const WATCH_MS = 5 * SECOND
const WRITER_WARN_S = 5 // while it runs, the consumers of logs wait

/** Also used by the command line. */
export function createCounters({ database: { db }, redis, log, metrics }: Infrastructure): Counters {
  return redis ? redisCounters({ db, redis, log: log.child({ part: 'counters' }), metrics }) : tableCounters(db)
}

export const createCounterReconciler = ({ database: { pool }, redis, log }: Infrastructure): Reconciler =>
  createReconciler({ pool, redis, log: log.child({ part: 'counters' }) })

export function createCounting(infrastructure: Infrastructure): Counting {
  const { config, database, redis, metrics } = infrastructure
  const { db, pool } = database
  const log = infrastructure.log.child({ part: 'counters' })
  const rebuilt = metrics.counter('counter_shards_remade_total', 'Shards of counts in Redis that were rebuilt', ['reason'])
  const applier =
    redis && config.roles.has('worker')
      ? createApplier({ db, pool, redis, log, onRebuild: (reason, shards) => rebuilt.add([reason], shards) })
      : undefined
  let oldestWriterAge = 0
  let drift = new Map<string, number>()
  let consumerRemoved = applier !== undefined

  async function lagSeconds(): Promise<number | null> {
    if (!redis) return 0
    const caughtUpAt = await readCaughtUpAt(redis).catch(() => undefined)
    return caughtUpAt === undefined ? null : Math.max(0, Date.now() - caughtUpAt) / 1000
  }
  // Only processes that know a value report it; the others leave the metric out.
  if (applier || !redis)
    metrics.gauge(
      'counter_lag_seconds',
      'Lag of the counts behind the rows',
      () => applier?.lagSeconds() ?? 0, // counts read from the rows have no lag
    )
  if (config.roles.has('worker')) {
    metrics.gauge(
      'oldest_writer_seconds',
      'Age of the oldest writing transaction, which delays every consumer of a log',
      () => oldestWriterAge,
    )
    metrics.labelledGauge('counter_drift', 'Sum of differences found when counts were last compared with the rows', ['kind'], () =>
      [...drift].map(([kind, value]) => [[kind], value] as const),
    )
  }

  const fold = createFolding(db)
  const tasks: Task[] = [
    {
      // Keeps reads fast; counts are exact without it.
      name: 'fold-counters',
      role: 'worker',
      intervalMs: SECOND,
      async run() {
        if (!consumerRemoved) await removeConsumer(db)
        consumerRemoved = true
        await fold()
      },
    },
    {
      name: 'watch-counters',
      role: 'worker',
      intervalMs: WATCH_MS,
      async run() {
        oldestWriterAge = await oldestWriterSeconds(db)
        if (oldestWriterAge > WRITER_WARN_S)
          log.warn({ seconds: Math.round(oldestWriterAge) }, 'a long writing transaction delays the consumers of logs')
        drift = new Map([...(await lastReportsByKind(db)).values()].map(({ kind, drift: last }) => [kind, last]))
      },
    },
    ...(applier ? [{ name: 'apply-counters', role: 'worker' as const, intervalMs: TICK_MS, run: () => applier.tick() }] : []),
  ]
  return {
    counters: createCounters(infrastructure),
    reconciler: createCounterReconciler(infrastructure),
    lagSeconds,
    tasks,
    close: async () => applier?.close(),
  }
}
