import { sql } from 'kysely'
import type { Db } from '../database/database.ts'
import type { Change } from './tail.ts'

/** The newest changes that every later query sees, in their order. */
export async function recentChanges(db: Db, most: number): Promise<Change[]> {
  const { rows } = await sql<Change>`
    select xid::text as xid, seq, topic, key from change
     where xid < pg_snapshot_xmin(pg_current_snapshot())
     order by change.xid desc, change.seq desc limit ${most}`.execute(db)
  return rows.toReversed()
}

/**
 * Up to which moment a follower that reads to the end has heard of everything. What commits while an older transaction
 * still writes is told only after that one, so "now" it is only when nobody writes. To be called before reading; what it
 * returns says the moment once the reading is done, or nothing when that lies too far back to be known.
 */
export function hearing(db: Db, clock: () => number): () => Promise<() => number | undefined> {
  let looks: { at: number; end: bigint }[] = []
  return async () => {
    const at = clock()
    const { rows } = await sql<{ end: string; oldest: string }>`
      select pg_snapshot_xmax(snapshot)::text as end, pg_snapshot_xmin(snapshot)::text as oldest from pg_current_snapshot() snapshot`.execute(
      db,
    )
    const { end, oldest } = rows[0] as { end: string; oldest: string }
    looks.push({ at, end: BigInt(end) })
    return () => {
      // Whatever had begun at that look is over now, and below what was read.
      const last = looks.findLastIndex(look => look.end <= BigInt(oldest))
      looks = looks.slice(Math.max(last, 0)).slice(-LOOKS_MAX)
      return last < 0 ? undefined : looks[0]?.at
    }
  }
}

/** A busy minute's worth: whoever writes for longer than that makes everybody ask anew. */
const LOOKS_MAX = 1_000
