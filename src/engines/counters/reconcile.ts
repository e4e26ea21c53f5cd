// `fix-statistics`: compares every count with the rows, and corrects it. At one moment each kind is counted anew, and with
// that compared what is kept in this database, and in Redis, each shard at the very point of the log at which it is. So
// what is found is true drift and no noise, however much is going on.
//
// A correction in the database is a delta like any other: it is exact beside whoever writes, and the store elsewhere hears
// of it by the log. A correction in Redis is added to a shard, unless somebody else has corrected it meanwhile. Nothing is
// locked and nobody waits; two who do this at once take turns, kind by kind, and whose turn is over corrects nothing more.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Log } from '../../base/log.ts'
import { conflict, unavailable } from '../../base/problem.ts'
import type { Redis } from '../redis/redis.ts'
import { assertCounterKinds, COUNTER_KINDS, type CounterKind } from './kinds.ts'
import { compareShards, type StoreDrift } from './redis/compare.ts'
import { SHARDS } from './redis/keys.ts'
import { saveReport } from './reports.ts'
import { type CountRow, groupByShard, streamCounts, withSnapshot } from './snapshot.ts'

export interface ReconcileReport {
  kind: CounterKind
  /** Counts compared. */
  checked: number
  /** By how much they were wrong, all together, before they were corrected: in the rows kept, and in the store. */
  drift: number
  rows_drift: number
  store_drift: number
  /** Shards of the store that were of no use, and so not compared. */
  unusable: number
  /** Shards of the store corrected or made anew. */
  repaired: number
  /** The moment of the log. */
  watermark: string
  seconds: number
}

export interface ReconcileFailure {
  kind: CounterKind
  error: string
}

export interface Reconciler {
  /** One kind, or the reason why not; a conflict while somebody else is at it. */
  reconcileNow(kind: CounterKind): Promise<ReconcileReport>
  /** One after another; what fails does not keep the others from being corrected. Without `repair` it only looks. */
  reconcile(
    kinds?: readonly CounterKind[],
    options?: { signal?: AbortSignal; repair?: boolean },
  ): Promise<(ReconcileReport | ReconcileFailure)[]>
}

const CORRECTIONS_MOST = 500 // rows in one writing transaction: a few milliseconds
const GROUP_MOST = 500 // counts whose shards are read from Redis in one write, unless one shard alone has more
const TURN_MS = 50

export function createReconciler({ pool, redis, log }: { pool: pg.Pool; redis?: Redis; log: Log }): Reconciler {
  return {
    reconcileNow: kind => fix(kind, { wait: false, repair: true }),

    async reconcile(kinds = COUNTER_KINDS, { signal, repair = true } = {}) {
      assertCounterKinds(kinds)
      const reports: (ReconcileReport | ReconcileFailure)[] = []
      for (const kind of kinds) {
        signal?.throwIfAborted()
        try {
          reports.push(await fix(kind, { wait: true, repair, signal }))
        } catch (err) {
          signal?.throwIfAborted()
          log.error({ err, kind }, 'counts could not be compared with their rows')
          reports.push({ kind, error: (err as Error).message })
        }
      }
      return reports
    },
  }

  async function fix(
    kind: CounterKind,
    { wait, repair, signal }: { wait: boolean; repair: boolean; signal?: AbortSignal },
  ): Promise<ReconcileReport> {
    const report = await inTurn(pool, kind, { wait, signal }, client => fixKind(client, kind, repair, signal))
    if (repair) await saveReport(pool, report)
    if (report.drift > 0 || report.unusable > 0) log.warn(report, 'counts differed from their rows')
    return report
  }

  async function fixKind(client: pg.PoolClient, kind: CounterKind, repair: boolean, signal?: AbortSignal): Promise<ReconcileReport> {
    const began = performance.now()
    let checked = 0
    let rowsDrift = 0
    let waiting: CountRow[] = []
    return withSnapshot(client, async snapshot => {
      const correct = async () => {
        if (repair && waiting.length > 0) await insertDeltas(pool, { kind, rows: waiting, session: snapshot.backendPid })
        waiting = []
      }
      if (redis?.ready() && !snapshot.deltasComplete) throw unavailable('Deltas were folded beyond the oldest writer: try again later.')
      // While Redis is away what is kept here is put right all the same, and Redis follows it when it is back.
      const store: StoreDrift | undefined = redis?.ready() ? compareShards({ pool, redis, snapshot, kind, repair }) : undefined
      let group: { shard: number; rows: CountRow[] }[] = []
      let grouped = 0
      const all = Array.from({ length: SHARDS }, (_, shard) => shard)
      for await (const one of groupByShard(streamCounts(snapshot, kind, { truth: true }), all)) {
        signal?.throwIfAborted()
        checked += one.rows.length
        for (const row of one.rows) {
          if (row.off === '0') continue
          rowsDrift += Math.abs(Number(row.off))
          waiting.push(row)
          if (waiting.length >= CORRECTIONS_MOST) await correct()
        }
        group.push(one)
        grouped += one.rows.length
        if (grouped < GROUP_MOST) continue
        await store?.compare(group)
        group = []
        grouped = 0
      }
      await store?.compare(group)
      await store?.end()
      await correct()
      const { drift: storeDrift = 0, unusable = 0, repaired = 0 } = store?.found() ?? {}
      return {
        kind,
        checked,
        drift: rowsDrift + storeDrift,
        rows_drift: rowsDrift,
        store_drift: storeDrift,
        unusable,
        repaired,
        watermark: snapshot.watermark,
        seconds: Math.round(performance.now() - began) / 1000,
      }
    })
  }
}

/**
 * Nobody else at this kind: a correction must be seen by whoever compares next. Who waits holds no connection meanwhile,
 * or those who wait would take them from everybody.
 */
async function inTurn<T>(
  pool: pg.Pool,
  kind: CounterKind,
  { wait, signal }: { wait: boolean; signal?: AbortSignal },
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const lock = lockOf(kind)
  for (;;) {
    const client = await pool.connect()
    let mine = false
    let failed: Error | undefined
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock(hashtext($1), hashtext($2)) as mine', lock)
      mine = rows[0]?.mine === true
      if (mine) return await work(client)
    } catch (err) {
      failed = err as Error
      throw err
    } finally {
      if (mine)
        await client.query('select pg_advisory_unlock(hashtext($1), hashtext($2))', lock).catch(err => {
          failed ??= err
        })
      client.release(failed !== undefined) // in doubt it is closed, and the lock with it
    }
    if (!wait) throw conflict(`Somebody else is comparing ${kind} at this moment.`)
    await sleep(TURN_MS, undefined, { signal })
  }
}

const lockOf = (kind: CounterKind) => ['fix-statistics', kind]

/** Only as long as our turn lasts: a session that the database has given up leaves it to the next one, who finds the same. */
async function insertDeltas(
  pool: pg.Pool,
  { kind, rows, session }: { kind: CounterKind; rows: CountRow[]; session: number },
): Promise<void> {
  const { rowCount } = await pool.query(
    `insert into counter_delta (kind, key, d) select $1, key, d from unnest($2::bigint[], $3::bigint[]) off (key, d)
      where exists (select from pg_locks where locktype = 'advisory' and granted and pid = $4
        and database = (select oid from pg_database where datname = current_database())
        and classid = hashtext($5)::oid and objid = hashtext($6)::oid and objsubid = 2)`,
    [kind, rows.map(row => row.key), rows.map(row => row.off), session, ...lockOf(kind)],
  )
  if (rowCount !== rows.length) throw unavailable(`The turn at ${kind} was lost: try again later.`)
}
