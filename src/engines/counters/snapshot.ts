// Reading many counts at one moment: a transaction that only reads holds nobody's horizon back, however long it takes.

import type pg from 'pg'
import type { CounterKind } from './kinds.ts'

export interface Snapshot {
  client: pg.PoolClient
  /** By which the database knows whose locks those of the client are. */
  backendPid: number
  /** Everything below is over, and seen here. */
  watermark: string
  incarnation: string
  /** Below it deltas may have been folded. */
  floor: string
  /** Whether what happens from the watermark on can still be read from the log. */
  deltasComplete: boolean
}

const READ_MS = 300_000 // ten million counts; the pool's own limits are for requests
const ROWS = 2_000

export const withReadTimeout = (text: string, values: unknown[] = []) => ({ text, values, query_timeout: READ_MS })

export async function withSnapshot<T>(client: pg.PoolClient, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  try {
    // Sorting a million counts in memory takes some 100 MB; on disk it takes no longer to speak of.
    await client.query(
      `set local statement_timeout = ${READ_MS}; set local idle_in_transaction_session_timeout = 60000; set local jit = off`,
    )
    const { rows } = await client.query<Omit<Snapshot, 'client'>>(`
      select pg_backend_pid() as session, x.xmin as watermark, counter_epoch() as epoch, log_floor.xid as floor,
             x.xmin >= log_floor.xid as followable
        from (select pg_snapshot_xmin(pg_current_snapshot()) as xmin) x, log_floor where log_floor.log = 'counter_delta'`)
    return await work({ client, ...(rows[0] as Omit<Snapshot, 'client'>) })
  } finally {
    await client.query('rollback').catch(() => {})
  }
}

export interface CountRow {
  shard: number
  key: string
  /** Below the watermark. */
  below: string
  /** Truth minus what is kept, both as far as they can be seen. */
  off: string
}

/** The counts of one kind, as kept in the rows, shard by shard; with `truth`, how far each is from what the rows say. */
export async function* streamCounts(
  { client, watermark }: Snapshot,
  kind: CounterKind,
  { truth = false, shards }: { truth?: boolean; shards?: number[] } = {},
): AsyncGenerator<CountRow[]> {
  const which = shards ? 'and counter_shard(key) = any($3)' : ''
  const kept = `
    select key, value as below, -value as off from counter where kind = $1 ${which}
    union all
    select key, case when xid < $2::xid8 then d else 0 end, -d from counter_delta where kind = $1 ${which}
    ${truth ? `union all select key, 0, value from counter_truth_of($1) where true ${which}` : ''}`
  await client.query(
    withReadTimeout(
      `declare counts no scroll cursor for
       select counter_shard(key) as shard, key::text, sum(below)::text as below, ${truth ? 'sum(off)::text' : `'0'`} as off
         from (${kept}) part group by key order by counter_shard(key)`,
      shards ? [kind, watermark, shards] : [kind, watermark],
    ),
  )
  for (;;) {
    const { rows } = await client.query<CountRow>(withReadTimeout(`fetch ${ROWS} from counts`))
    if (rows.length > 0) yield rows
    if (rows.length < ROWS) break
  }
  await client.query('close counts')
}

/** The same, gathered: each shard once, in order, also those in which nothing was ever counted. */
export async function* groupByShard(
  pages: AsyncGenerator<CountRow[]>,
  shards: number[],
): AsyncGenerator<{ shard: number; rows: CountRow[] }> {
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
