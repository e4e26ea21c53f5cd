// The table engine. Triggers write each change of a counted row as a delta, in the transaction of the change. A count is its
// folded row plus the deltas not folded yet, read in one statement, so it is exact in every process.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import { createChangedCounts } from './changed-counts.ts'
import type { CountExplanation, Counters } from './counters.ts'
import { assertCounterKinds, type CounterKind } from './kinds.ts'

export function tableCounters(db: Db): Counters {
  return {
    async read(kinds, ids) {
      assertCounterKinds(kinds)
      if (ids.length === 0 || kinds.length === 0) return () => 0
      // All kinds for all ids: PostgreSQL answers this cross product from the two key indexes.
      const { rows } = await sql<{ kind: string; key: bigint; value: number }>`
        select kind, key, sum(value)::float8 as value from (
          select kind, key, value from counter where kind = any(${kinds}::text[]) and key = any(${ids}::bigint[])
          union all
          select kind, key, d from counter_delta where kind = any(${kinds}::text[]) and key = any(${ids}::bigint[])
        ) every_part group by kind, key`.execute(db)
      const values = new Map(rows.map(row => [`${row.kind} ${row.key}`, row.value]))
      return (id, kind) => values.get(`${kind} ${id}`) ?? 0
    },

    async noteOwnWrite() {}, // a read includes every committed delta

    followChanges: kinds => createChangedCounts(db, kinds),

    async explain(kind, id) {
      assertCounterKinds([kind])
      return { ...(await explainFromRows(db, kind, id)), engine: 'table' }
    },
  }
}

/** `pending` is the sum of the deltas from `watermark` on, folded or not. */
export async function explainFromRows(
  db: Db,
  kind: CounterKind,
  id: bigint,
  watermark = '0',
): Promise<Pick<CountExplanation, 'truth' | 'store' | 'pending'>> {
  const { rows } = await sql<{ truth: number; store: number; pending: number }>`
    select coalesce((select value from counter_truth_of(${kind}, ${id})), 0)::float8 as truth,
           coalesce((select value from counter where kind = ${kind} and key = ${id}), 0)::float8 as store,
           coalesce((select sum(d) from counter_delta where kind = ${kind} and key = ${id} and xid >= ${watermark}::xid8), 0)::float8 as pending`.execute(
    db,
  )
  return rows[0] as { truth: number; store: number; pending: number }
}
