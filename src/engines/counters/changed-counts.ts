// Which counts have changed, for caches of counts: by the deltas that became visible since the last look. Like every read of the rows
// it waits for no transaction, so it may name an id twice: as long as a writing transaction is open, what came after it is named again.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import type { CounterKind } from './kinds.ts'

/** The ids of which a count may have changed since the last call. Undefined: any may have. */
export type ChangedCounts = () => Promise<readonly bigint[] | undefined>

// An import writes more. Then a cache is emptied. Of deltas, not of ids: it bounds what a question reads.
const DELTAS_MAX = 5_000

export function createChangedCounts(db: Db, kinds: readonly CounterKind[]): ChangedCounts {
  let last: { xmin: string; incarnation: string } | undefined

  return async () => {
    const since = last?.xmin ?? '0'
    // What is visible now and was not at the last look is of a transaction that had not ended by then. Folded deltas are gone.
    const { rows } = await sql<{ xmin: string; incarnation: string; isGap: boolean; deltas: number; ids: bigint[] }>`
      with moved as materialized (
        select key from counter_delta where xid >= ${since}::xid8 and kind = any(${kinds}::text[]) limit ${DELTAS_MAX + 1}
      )
      select pg_snapshot_xmin(s)::text as xmin, counter_epoch() as incarnation,
             pg_snapshot_xmin(s) < ${since}::xid8
               or coalesce((select xid > ${since}::xid8 from log_floor where log = 'counter_delta'), true) as "isGap",
             (select count(*)::int from moved) as deltas, array(select distinct key from moved) as ids
        from pg_current_snapshot() s`.execute(db)
    const { xmin, incarnation, isGap, deltas, ids } = rows[0] as (typeof rows)[number]
    const isKnown = last?.incarnation === incarnation && !isGap && deltas <= DELTAS_MAX
    last = { xmin, incarnation }
    return isKnown ? ids : undefined
  }
}
