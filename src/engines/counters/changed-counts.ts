// Which counts have changed, for caches of counts: by the deltas that became visible since the last look. Like every read of the rows
// it waits for no transaction, so it may name an id twice: as long as a writing transaction is open, what came after it is named again.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import type { CounterKind } from './kinds.ts'

/** The ids of which a count may have changed since the last call. Undefined: any may have. */
export type ChangedCounts = () => Promise<readonly bigint[] | undefined>

// An import changes more. Then a cache is emptied.
const IDS_MAX = 5_000

export function createChangedCounts(db: Db, kinds: readonly CounterKind[]): ChangedCounts {
  let last: { xmin: string; incarnation: string } | undefined

  return async () => {
    const since = last?.xmin ?? '0'
    // What is visible now and was not at the last look is of a transaction that had not ended by then. Folded deltas are gone.
    const { rows } = await sql<{ xmin: string; incarnation: string; isGap: boolean; ids: bigint[] }>`
      select pg_snapshot_xmin(s)::text as xmin, counter_epoch() as incarnation,
             pg_snapshot_xmin(s) < ${since}::xid8
               or coalesce((select xid > ${since}::xid8 from log_floor where log = 'counter_delta'), true) as "isGap",
             array(select distinct key from (
               select key from counter_delta where xid >= ${since}::xid8 and kind = any(${kinds}::text[]) limit ${IDS_MAX + 1}
             ) moved) as ids
        from pg_current_snapshot() s`.execute(db)
    const { xmin, incarnation, isGap, ids } = rows[0] as (typeof rows)[number]
    const isKnown = last?.incarnation === incarnation && !isGap && ids.length <= IDS_MAX
    last = { xmin, incarnation }
    return isKnown ? ids : undefined
  }
}
