// `fix-statistics`: compares every count with the rows and corrects it. In one snapshot a kind is counted from its rows and
// compared with the counts kept in PostgreSQL and in Redis, each shard at its own watermark. So drift is measured exactly
// beside any number of writers. A correction in PostgreSQL is a delta like any other, which Redis follows.

import type pg from 'pg'
import type { Log } from '../../base/log.ts'
import { unavailable } from '../../base/problem.ts'
import type { Redis } from '../redis/redis.ts'
import { assertCounterKinds, COUNTER_KINDS, type CounterKind } from './kinds.ts'
import { insertCorrections, withKindLock } from './reconcile-lock.ts'
import { createShardComparer } from './redis/compare.ts'
import { SHARDS } from './redis/keys.ts'
import { type ReconcileReport, saveReport } from './reports.ts'
import { type CountRow, groupByShard, type ShardRows, type Snapshot, streamCounts, withSnapshot } from './snapshot.ts'

export type { ReconcileReport } from './reports.ts'

export interface ReconcileFailure {
  kind: CounterKind
  error: string
}

export interface Reconciler {
  /** Reconciles one kind. Throws a conflict if another process is at it, or the reason of a failure. */
  reconcileNow(kind: CounterKind): Promise<ReconcileReport>
  /** Reconciles one kind after another; a kind that fails does not stop the others. Without `correctDrift` it only compares. */
  reconcile(
    kinds?: readonly CounterKind[],
    options?: { signal?: AbortSignal; correctDrift?: boolean },
  ): Promise<(ReconcileReport | ReconcileFailure)[]>
}

const CORRECTIONS_PER_INSERT = 500 // rows in one writing transaction: a few milliseconds
const COUNTS_PER_BATCH = 500 // the shards of a batch are read from Redis in one write; a single shard may have more

export function createReconciler({ pool, redis, log }: { pool: pg.Pool; redis?: Redis; log: Log }): Reconciler {
  return {
    reconcileNow: kind => reconcileKind(kind, { wait: false, correctDrift: true }),

    async reconcile(kinds = COUNTER_KINDS, { signal, correctDrift = true } = {}) {
      assertCounterKinds(kinds)
      const reports: (ReconcileReport | ReconcileFailure)[] = []
      for (const kind of kinds) {
        signal?.throwIfAborted()
        try {
          reports.push(await reconcileKind(kind, { wait: true, correctDrift, signal }))
        } catch (err) {
          signal?.throwIfAborted()
          log.error({ err, kind }, 'counts could not be compared with their rows')
          reports.push({ kind, error: (err as Error).message })
        }
      }
      return reports
    },
  }

  async function reconcileKind(
    kind: CounterKind,
    { wait, correctDrift, signal }: { wait: boolean; correctDrift: boolean; signal?: AbortSignal },
  ): Promise<ReconcileReport> {
    const report = await withKindLock(pool, kind, { wait, signal }, client =>
      withSnapshot(client, snapshot => compareKind({ pool, redis, snapshot, kind, correctDrift, signal })),
    )
    if (correctDrift) await saveReport(pool, report)
    if (report.drift > 0 || report.unusable > 0) log.warn(report, 'counts differed from their rows')
    return report
  }
}

interface Comparison {
  pool: pg.Pool
  redis?: Redis
  snapshot: Snapshot
  kind: CounterKind
  correctDrift: boolean
  signal?: AbortSignal
}

async function compareKind({ pool, redis, snapshot, kind, correctDrift, signal }: Comparison): Promise<ReconcileReport> {
  const startedAt = performance.now()
  // If Redis is down, PostgreSQL is corrected all the same, and Redis follows when it is back.
  const connected = redis?.isReady() ? redis : undefined
  if (connected && !snapshot.deltasComplete) throw unavailable('Deltas were folded beyond the oldest writer: try again later.')
  const counts = createRowComparer(pool, { snapshot, kind, correctDrift })
  const shards = connected && createShardComparer({ pool, redis: connected, snapshot, kind, correctDrift })
  const all = Array.from({ length: SHARDS }, (_, shard) => shard)
  for await (const batch of inBatches(groupByShard(streamCounts(snapshot, kind, { withTruth: true }), all))) {
    signal?.throwIfAborted()
    for (const { rows } of batch) await counts.compare(rows)
    await shards?.compare(batch)
  }
  await shards?.finish()
  await counts.finish()
  const { checked, drift: rowsDrift } = counts.result()
  const { drift: storeDrift = 0, unusable = 0, repaired = 0 } = shards?.result() ?? {}
  return {
    kind,
    checked,
    drift: rowsDrift + storeDrift,
    rows_drift: rowsDrift,
    store_drift: storeDrift,
    unusable,
    repaired,
    watermark: snapshot.watermark,
    seconds: Math.round(performance.now() - startedAt) / 1000,
  }
}

/** Adds up the drift of the counts kept in PostgreSQL, and corrects it in batches. */
function createRowComparer(
  pool: pg.Pool,
  { snapshot, kind, correctDrift }: { snapshot: Snapshot; kind: CounterKind; correctDrift: boolean },
) {
  let checked = 0
  let drift = 0
  let corrections: CountRow[] = []

  async function flush(): Promise<void> {
    if (correctDrift && corrections.length > 0) await insertCorrections(pool, { kind, rows: corrections, backendPid: snapshot.backendPid })
    corrections = []
  }

  return {
    async compare(rows: CountRow[]): Promise<void> {
      checked += rows.length
      for (const row of rows) {
        if (row.drift === '0') continue
        drift += Math.abs(Number(row.drift))
        corrections.push(row)
        if (corrections.length >= CORRECTIONS_PER_INSERT) await flush()
      }
    },
    finish: flush,
    result: () => ({ checked, drift }),
  }
}

async function* inBatches(shards: AsyncGenerator<ShardRows>): AsyncGenerator<ShardRows[]> {
  let batch: ShardRows[] = []
  let counts = 0
  for await (const one of shards) {
    batch.push(one)
    counts += one.rows.length
    if (counts < COUNTS_PER_BATCH) continue
    yield batch
    batch = []
    counts = 0
  }
  if (batch.length > 0) yield batch
}
