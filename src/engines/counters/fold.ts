// Folding moves deltas into `counter`, in one transaction, so a crash loses none and doubles none. It changes no count; it
// keeps the sum short that a read adds up. Deltas that the Redis engine may still need stay.

import { sql } from 'kysely'
import type { Db } from '../database/database.ts'

// A restart of Redis takes less. A Redis that was away for longer is rebuilt, which takes seconds.
const CONSUMER_SEEN_SECONDS = 300

/** Beyond every transaction. */
const ALL = '18446744073709551615'

/** No delta below it is needed by a consumer seen of late. Without a consumer it is beyond every delta. */
const neededFrom = () =>
  sql`coalesce((select min(xid) from log_consumer where log = 'counter_delta' and seen_at > now() - make_interval(secs => ${CONSUMER_SEEN_SECONDS})),
    ${ALL}::xid8)`

// 5,000 deltas fold in some 50 ms. A writing transaction must stay below 200 ms, because every consumer of a log waits for it.
const DELTAS_PER_FOLD = 5_000

// Two to three seconds of work: a task that is being stopped is waited for.
const FOLDS_MAX = 50

/**
 * Each call folds nothing of transactions that began after the last one: their deltas stay, and caches of counts ask meanwhile for
 * those that are new. An open transaction holds nothing back, and what it wrote is folded as soon as it has ended. A cache that did not
 * hear of it finds the floor above the oldest transaction of its last look (changed-counts.ts).
 */
export function createFolding(db: Db): () => Promise<void> {
  let below = '0'

  return async () => {
    const { rows } = await sql<{ xmax: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as xmax`.execute(db)
    for (let folds = 0; folds < FOLDS_MAX && (await foldCounters(db, DELTAS_PER_FOLD, below)) > 0; ) folds++
    below = (rows[0] as { xmax: string }).xmax
  }
}

/** Folds up to `limit` deltas of transactions below `below`. Returns how many it folded. */
export async function foldCounters(db: Db, limit = DELTAS_PER_FOLD, below = ALL): Promise<number> {
  const { rows } = await sql<{ folded: number }>`
    with chosen as (
      select xid, seq from counter_delta where xid < ${neededFrom()} and xid < ${below}::xid8
       order by xid, seq limit ${limit} for update skip locked
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
