// Counts that are always right. Triggers note every change of a counted row as a delta in the statement's own
// transaction; a count is its folded row plus the deltas not folded yet, read in one statement and so at one moment.
// Folding only keeps that sum short: it moves deltas into the row in one transaction, so no crash loses or doubles any.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

export const COUNTER_KINDS = [
  'article.reads',
  'article.likes',
  'article.dislikes',
  'article.collections',
  'article.comments',
  'article.shares',
  'comment.likes',
  'comment.replies',
  'reader.articles',
  'reader.followers',
  'reader.followings',
  'reader.likes_received',
  'reader.reads_received',
] as const
export type CounterKind = (typeof COUNTER_KINDS)[number]

export interface Counters {
  /** The counts of several kinds for several ids, in one round trip. What was never counted is 0. */
  read<K extends CounterKind>(kinds: readonly K[], ids: readonly bigint[]): Promise<(id: bigint, kind: K) => number>
  /** Folds up to `most` deltas; returns how many it folded. */
  fold(most?: number): Promise<number>
}

// 5,000 deltas fold in some 50 ms; a writing transaction must stay far below 200 ms, for it holds everyone's horizon.
const FOLD_MOST = 5_000

export function tableCounters(db: Db): Counters {
  return {
    async read(kinds, ids) {
      if (ids.length === 0) return () => 0
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

    async fold(most = FOLD_MOST) {
      const { rows } = await sql<{ folded: number }>`
        with chosen as (select xid, seq from counter_delta order by xid, seq limit ${most} for update skip locked),
        taken as (delete from counter_delta using chosen where counter_delta.xid = chosen.xid and counter_delta.seq = chosen.seq returning kind, key, d),
        put as (
          insert into counter (kind, key, value) select kind, key, sum(d) from taken group by kind, key order by kind, key
          on conflict (kind, key) do update set value = counter.value + excluded.value
        )
        select count(*)::int as folded from taken`.execute(db)
      return rows[0]?.folded ?? 0
    },
  }
}
