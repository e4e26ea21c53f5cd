// Counts: the engine that is read, and what keeps them so. With REDIS_URL they are read from Redis, else from the rows.

import { HOUR, MINUTE, SECOND } from '../base/clock.ts'
import type { Job } from '../base/job.ts'
import type { Task } from '../base/task.ts'
import type { Counters } from '../engines/counters/counters.ts'
import { foldCounters } from '../engines/counters/fold.ts'
import { createReconciler, type Reconciler } from '../engines/counters/reconcile.ts'
import { createApplier } from '../engines/counters/redis/applier.ts'
import { removeConsumer } from '../engines/counters/redis/consumer.sql.ts'
import { readCaughtUpAt, redisCounters } from '../engines/counters/redis/read.ts'
import { lastReportsByKind } from '../engines/counters/reports.ts'
import { tableCounters } from '../engines/counters/table.ts'
import { oldestWriterSeconds } from '../engines/log/oldest-writer.sql.ts'
import type { Infrastructure } from './infrastructure.ts'
import { repeatUntilEmpty } from './retention-jobs.ts'

export interface Counting {
  counters: Counters
  reconciler: Reconciler
  /** Null when it cannot be told: then counts are read from the rows. */
  lagSeconds: () => Promise<number | null>
  tasks: Task[]
  close(): Promise<void>
}

const STROKE_MS = 200 // counts in the store are a quarter of a second behind on the average, and the promise is one
const LOOK_MS = 5 * SECOND
const WRITER_WARN_S = 5 // what follows a log stands still for as long

/** What counts are read from; the command line needs no more. */
export function createCounters({ database: { db }, redis, log, metrics }: Infrastructure): Counters {
  return redis ? redisCounters({ db, redis, log: log.child({ part: 'counters' }), metrics }) : tableCounters(db)
}

export const createCounterReconciler = ({ database: { pool }, redis, log }: Infrastructure): Reconciler =>
  createReconciler({ pool, redis, log: log.child({ part: 'counters' }) })

export function createCounting(infrastructure: Infrastructure): Counting {
  const { config, database, redis, metrics } = infrastructure
  const { db, pool } = database
  const log = infrastructure.log.child({ part: 'counters' })
  const remade = metrics.counter('counter_shards_remade_total', 'Shards of counts in Redis that were made anew', ['reason'])
  const applier =
    redis && config.roles.has('worker')
      ? createApplier({ db, pool, redis, log, onRebuild: (reason, shards) => remade.add([reason], shards) })
      : undefined
  let oldestWriter = 0
  let drift = new Map<string, number>()
  let forgotten = applier !== undefined

  async function lagSeconds(): Promise<number | null> {
    if (!redis) return 0
    const stood = await readCaughtUpAt(redis).catch(() => undefined)
    return stood === undefined ? null : Math.max(0, Date.now() - stood) / 1000
  }
  // Each is said by those who know: a process that does not work in the background says nothing rather than 0.
  if (applier || !redis)
    metrics.gauge(
      'counter_lag_seconds',
      'How far the counts that are read are behind the rows',
      () => applier?.lagSeconds() ?? 0, // what is read from the rows is not behind
    )
  if (config.roles.has('worker')) {
    metrics.gauge(
      'oldest_writer_seconds',
      'How long the oldest writing transaction has been running, which holds every follower of a log back',
      () => oldestWriter,
    )
    metrics.labelledGauge('counter_drift', 'By how much counts were wrong when they were last compared with the rows', ['kind'], () =>
      [...drift].map(([kind, value]) => [[kind], value] as const),
    )
  }

  const tasks: Task[] = [
    {
      // Counts are right without it; reading them stays quick with it.
      name: 'fold-counters',
      role: 'worker',
      intervalMs: SECOND,
      async run() {
        if (!forgotten) await removeConsumer(db)
        forgotten = true
        await repeatUntilEmpty(() => foldCounters(db))
      },
    },
    {
      name: 'watch-counters',
      role: 'worker',
      intervalMs: LOOK_MS,
      async run() {
        oldestWriter = await oldestWriterSeconds(db)
        if (oldestWriter > WRITER_WARN_S) log.warn({ seconds: Math.round(oldestWriter) }, 'a writing transaction holds the logs back')
        drift = new Map([...(await lastReportsByKind(db)).values()].map(({ kind, drift: last }) => [kind, last]))
      },
    },
    ...(applier ? [{ name: 'apply-counters', role: 'worker' as const, intervalMs: STROKE_MS, run: () => applier.tick() }] : []),
  ]
  return {
    counters: createCounters(infrastructure),
    reconciler: createCounterReconciler(infrastructure),
    lagSeconds,
    tasks,
    close: async () => applier?.close(),
  }
}

/** The original's name for it, and its hour. */
export function fixStatisticsJob(fix: Reconciler): Job {
  return {
    name: 'fix-statistics',
    about: 'compares every count with the rows, kind by kind, and corrects what differs',
    schedule: '0 3 * * *',
    timeoutMs: HOUR,
    // A comparison that meets a restart of the database need not wait for the next night.
    retries: 3,
    backoffMs: MINUTE,
    async run({ signal }) {
      const reports = await fix.reconcile(undefined, { signal })
      const failed = reports.flatMap(report => ('error' in report ? [`${report.kind}: ${report.error}`] : []))
      if (failed.length > 0) throw new Error(`not compared: ${failed.join('; ')}`)
      const sum = (pick: 'checked' | 'drift' | 'repaired') => reports.reduce((all, one) => all + ('error' in one ? 0 : one[pick]), 0)
      return { checked: sum('checked'), drift: sum('drift'), repaired: sum('repaired') }
    },
  }
}
