// Reads all counts of a kind from one snapshot of PostgreSQL. The transaction only reads, so no writer and no consumer of a
// log waits for it, however long it takes.

import type pg from 'pg'
import type { CounterKind } from './kinds.ts'

export interface Snapshot {
  client: pg.PoolClient
  /** The server process of the connection; pg_locks names it as the holder of the connection's locks. */
  backendPid: number
  /** The oldest transaction still running. All below it have ended, and the snapshot sees what they committed. */
  watermark: string
  incarnation: string
  /** Deltas below it may have been folded. */
  floor: string
  /** Whether all deltas from the watermark on are still in the log. */
  deltasComplete: boolean
}

const READ_TIMEOUT_MS = 300_000 // for ten million counts; the pool's own limit is for requests
const ROWS_PER_FETCH = 2_000

export const withReadTimeout = (text: string, values: unknown[] = []) => ({ text, values, query_timeout: READ_TIMEOUT_MS })

export async function withSnapshot<T>(client: pg.PoolClient, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  try {
    // jit off: compiling costs more than it saves here.
    await client.query(
      `set local statement_timeout = ${READ_TIMEOUT_MS}; set local idle_in_transaction_session_timeout = 60000; set local jit = off`,
    )
    const { rows } = await client.query<Omit<Snapshot, 'client'>>(`
      select pg_backend_pid() as "backendPid", x.xmin as watermark, counter_epoch() as incarnation, log_floor.xid as floor,
             x.xmin >= log_floor.xid as "deltasComplete"
        from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) x, log_floor where log_floor.log = 'counter_delta'`)
    return await work({ client, ...(rows[0] as Omit<Snapshot, 'client'>) })
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

export interface CountRow {
  shard: number
  key: string
  /** What is kept in PostgreSQL, of transactions below the watermark. */
  value: string
  /** Truth minus what is kept, both as far as the snapshot sees. */
  drift: string
}

/** All counts of a kind kept in PostgreSQL, ordered by shard. Only with `withTruth` they are compared with the rows. */
export async function* streamCounts(
  { client, watermark }: Snapshot,
  kind: CounterKind,
  { withTruth = false, shards }: { withTruth?: boolean; shards?: number[] } = {},
): AsyncGenerator<CountRow[]> {
  const inShards = shards ? 'and counter_shard(key) = any($3)' : ''
  const parts = `
    select key, value, -value as drift from counter where kind = $1 ${inShards}
    union all
    select key, case when xid < $2::xid8 then d else 0 end, -d from counter_delta where kind = $1 ${inShards}
    ${withTruth ? `union all select key, 0, value from counter_truth_of($1) where true ${inShards}` : ''}`
  await client.query(
    withReadTimeout(
      `declare counts no scroll cursor for
       select counter_shard(key) as shard, key::text, sum(value)::text as value, ${withTruth ? 'sum(drift)::text' : `'0'`} as drift
         from (${parts}) part group by key order by counter_shard(key)`,
      shards ? [kind, watermark, shards] : [kind, watermark],
    ),
  )
  for (;;) {
    const { rows } = await client.query<CountRow>(withReadTimeout(`fetch ${ROWS_PER_FETCH} from counts`))
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_PER_FETCH) break
  }
  await client.query('close counts')
}

export interface ShardRows {
  shard: number
  rows: CountRow[]
}

/** Yields each of `shards` once, in order; a shard without counts has no rows. */
export async function* groupByShard(pages: AsyncGenerator<CountRow[]>, shards: number[]): AsyncGenerator<ShardRows> {
  const order = shards.toSorted((a, b) => a - b)
  let next = 0
  let rows: CountRow[] = []
  for await (const page of pages)
    for (const row of page) {
      while ((order[next] as number) < row.shard) {
        yield { shard: order[next++] as number, rows }
        rows = []
      }
      rows.push(row)
    }
  for (; next < order.length; rows = []) yield { shard: order[next++] as number, rows }
}
