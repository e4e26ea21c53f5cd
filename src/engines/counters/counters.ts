// Counts, and the engine that is always there. Triggers note every change of a counted row as a delta in the statement's
// own transaction; a count is its folded row plus the deltas not folded yet, read in one statement and so at one moment.
// Folding only keeps that sum short: it moves deltas into the row in one transaction, so no crash loses or doubles any.
// The engine on Redis (redis-counters.ts) is a projection of the same deltas.

import { sql } from 'kysely'
import type { Viewer } from '../../base/viewer.ts'
import type { Db } from '../database/database.ts'
import { assertCounterKinds, type CounterKind } from './kinds.ts'

export { COUNTER_KINDS, type CounterKind, isCounterKind } from './kinds.ts'

export interface Counters {
  /**
   * The counts of several kinds for several ids, in one round trip. What was never counted is 0, a kind that does not exist
   * an error. A viewer who is named sees what they have done themselves, whatever the engine.
   */
  read<K extends CounterKind>(kinds: readonly K[], ids: readonly bigint[], viewer?: Viewer): Promise<(id: bigint, kind: K) => number>
  /** To be called when something a viewer did is committed, before they are told; it never fails, and takes a bounded time. */
  noteOwnWrite(viewer: Viewer, kinds: readonly CounterKind[], ids: readonly bigint[]): Promise<void>
  /** Where a count comes from. */
  explain(kind: CounterKind, id: bigint): Promise<CountExplanation>
}

/** What the rows say; what is kept; and what has happened since that was written. The latter two make what readers see. */
export interface CountExplanation {
  truth: number
  store: number
  pending: number
  /** Which store that was: a Redis that cannot be read at the moment is not asked. */
  engine: 'table' | 'redis'
}

export function tableCounters(db: Db): Counters {
  return {
    async read(kinds, ids) {
      assertCounterKinds(kinds)
      if (ids.length === 0 || kinds.length === 0) return () => 0
      // The keys are always all asked for with all kinds: a cross product the planner answers from the two key indexes.
      const { rows } = await sql<{ kind: string; key: bigint; value: number }>`
        select kind, key, sum(value)::float8 as value from (
          select kind, key, value from counter where kind = any(${kinds}::text[]) and key = any(${ids}::bigint[])
          union all
          select kind, key, d from counter_delta where kind = any(${kinds}::text[]) and key = any(${ids}::bigint[])
        ) every_part group by kind, key`.execute(db)
      const values = new Map(rows.map(row => [`${row.kind} ${row.key}`, row.value]))
      return (id, kind) => values.get(`${kind} ${id}`) ?? 0
    },

    async noteOwnWrite() {}, // a read sees every committed delta

    async explain(kind, id) {
      assertCounterKinds([kind])
      return { ...(await explainFromRows(db, kind, id)), engine: 'table' }
    },
  }
}

/** With `watermark`, the deltas from there on are pending, whether they are folded or not. */
export async function explainFromRows(
  db: Db,
  kind: CounterKind,
  id: bigint,
  watermark = '0',
): Promise<{ truth: number; store: number; pending: number }> {
  const { rows } = await sql<{ truth: number; store: number; pending: number }>`
    select coalesce((select value from counter_truth_of(${kind}, ${id})), 0)::float8 as truth,
           coalesce((select value from counter where kind = ${kind} and key = ${id}), 0)::float8 as store,
           coalesce((select sum(d) from counter_delta where kind = ${kind} and key = ${id} and xid >= ${watermark}::xid8), 0)::float8 as pending`.execute(
    db,
  )
  return rows[0] as { truth: number; store: number; pending: number }
}

// As long as a Redis is restarted or a connection comes back in. A store that was away for longer is made anew, which takes
// seconds; reads add up every delta that is kept for it meanwhile.
const SEEN_S = 300

/** Below it no store elsewhere that was seen of late needs a delta; without one, beyond all there is. */
const neededFrom = () =>
  sql`coalesce((select min(xid) from log_consumer where log = 'counter_delta' and seen_at > now() - make_interval(secs => ${SEEN_S})),
    '18446744073709551615'::xid8)`

// 5,000 deltas fold in some 50 ms; a writing transaction must stay far below 200 ms, for it holds everyone's horizon.
const FOLD_MOST = 5_000

/** Folds up to `most` deltas, but none that a store elsewhere may still need; returns how many it folded. */
export async function foldCounters(db: Db, most = FOLD_MOST): Promise<number> {
  const { rows } = await sql<{ folded: number }>`
    with chosen as (
      select xid, seq from counter_delta where xid < ${neededFrom()}
       order by xid, seq limit ${most} for update skip locked
    ),
    taken as (
      delete from counter_delta using chosen where counter_delta.xid = chosen.xid and counter_delta.seq = chosen.seq
      returning counter_delta.xid, kind, key, d
    ),
    put as (
      insert into counter (kind, key, value) select kind, key, sum(d) from taken group by kind, key order by kind, key
      on conflict (kind, key) do update set value = counter.value + excluded.value
    ),
    floor as (
      update log_floor set xid = greatest(xid, (select (max(xid)::text::bigint + 1)::text::xid8 from taken))
       where log = 'counter_delta' and exists (select from taken)
    )
    select count(*)::int as folded from taken`.execute(db)
  return rows[0]?.folded ?? 0
}
