// One process at a time reconciles a kind: each must see the corrections of the one before. The lock is an advisory lock of
// PostgreSQL, and a correction is written only while it is held.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { conflict, unavailable } from '../../base/problem.ts'
import { type AdvisoryLock, tryWithAdvisoryLock } from '../database/advisory-lock.ts'
import type { CounterKind } from './kinds.ts'
import type { CountRow } from './snapshot.ts'

const RETRY_MS = 50

const lockOf = (kind: CounterKind): AdvisoryLock => ['fix-statistics', kind]

/**
 * Runs `work` with the lock of a kind, on the connection that holds it. If the lock is taken: waits with `wait`, else throws a
 * conflict. A process that waits holds no connection.
 */
export async function withKindLock<T>(
  pool: pg.Pool,
  kind: CounterKind,
  { wait, signal }: { wait: boolean; signal?: AbortSignal },
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  for (;;) {
    const attempt = await tryWithAdvisoryLock(pool, lockOf(kind), work)
    if (attempt.acquired) return attempt.result
    if (!wait) throw conflict(`Another process is comparing ${kind} at this moment.`)
    await sleep(RETRY_MS, undefined, { signal })
  }
}

/** Corrects counts in PostgreSQL by deltas. If the session `backendPid` has lost the lock, it throws and writes nothing. */
export async function insertCorrections(
  pool: pg.Pool,
  { kind, rows, backendPid }: { kind: CounterKind; rows: CountRow[]; backendPid: number },
): Promise<void> {
  const { rowCount } = await pool.query(
    `insert into counter_delta (kind, key, d) select $1, key, d from unnest($2::bigint[], $3::bigint[]) correction (key, d)
      where exists (select from pg_locks where locktype = 'advisory' and granted and pid = $4
        and database = (select oid from pg_database where datname = current_database())
        and classid = hashtext($5)::oid and objid = hashtext($6)::oid and objsubid = 2)`,
    [kind, rows.map(row => row.key), rows.map(row => row.drift), backendPid, ...lockOf(kind)],
  )
  if (rowCount !== rows.length) throw unavailable(`The lock for ${kind} was lost: try again later.`)
}
