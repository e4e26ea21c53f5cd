// What a viewer has done shows at once, though the store contains it only a moment later: after an action the deltas it
// left are noted for that viewer in Redis, transaction by transaction, so that every process sees them. A read adds those
// the shard does not contain yet, which its watermark says; so none is counted twice, whenever the store catches up.

import { sql } from 'kysely'
import { SECOND } from '../../../base/clock.ts'
import type { Db } from '../../database/database.ts'
import type { Redis } from '../../redis/redis.ts'
import type { CounterKind } from '../kinds.ts'
import { type Freshness, isBefore, isCount, ownWritesKey } from './keys.ts'
import { NOTE_OWN_WRITES } from './scripts.ts'

const KEPT_MS = 10 * SECOND // the store is not read when it is more than one behind
const MOST = 500 // entries; with more the viewer is sent to the rows for as long
const OWN_MS = 100

/** In the place of a delta: too many to note. */
const ASK_THE_ROWS = '*'

export async function noteOwn(
  db: Db,
  redis: Redis,
  { reader, kinds, ids, contained }: { reader: bigint; kinds: readonly CounterKind[]; ids: readonly bigint[]; contained?: Freshness },
): Promise<void> {
  // All that those transactions did, not only to the counts named: a like is also a like its author received.
  // What the store contained in another history says nothing about this one.
  const { rows } = await sql<{ kind: string; key: bigint; xid: string; d: bigint; epoch: string; from: string }>`
    with now as materialized (
      select epoch, case when epoch = ${contained?.epoch ?? ''} then ${contained?.watermark ?? '0'} else '0' end::xid8 as "from"
        from counter_epoch() epoch
    )
    select kind, key, xid, sum(d)::bigint as d, epoch, "from" from now, counter_delta where xid in (
      select distinct xid from counter_delta
       where kind = any(${kinds}::text[]) and key = any(${ids}::bigint[]) and xid >= (select "from" from now) limit ${MOST}
    ) group by kind, key, xid, epoch, "from" limit ${MOST}`.execute(db)
  const [first] = rows
  if (!first) return
  const fields =
    rows.length < MOST
      ? rows.flatMap(({ kind, key, xid, d }) => [`${kind}:${key}:${xid}`, String(d)])
      : kinds.flatMap(kind => ids.flatMap(id => [`${kind}:${id}:`, ASK_THE_ROWS]))
  await redis.run(NOTE_OWN_WRITES, { keys: [ownWritesKey(reader)], args: [String(KEPT_MS), first.epoch, first.from, ...fields] }, OWN_MS)
}

export interface Own {
  /** What to add to a count of a shard whose watermark is `watermark`; undefined when the rows have to be asked. */
  beyond(kind: string, id: bigint, watermark: string): number | undefined
}

/** Undefined when it was noted in another history of the database. */
export function readOwn(fields: Map<string, string>, epoch: string): Own | undefined {
  if (fields.size > 0 && fields.get('_e') !== epoch) return undefined
  const notes = new Map<string, { xid: string; d: string }[]>()
  for (const [field, d] of fields) {
    const at = field.lastIndexOf(':')
    const of = field.slice(0, at)
    notes.set(of, [...(notes.get(of) ?? []), { xid: field.slice(at + 1), d }])
  }
  return {
    beyond(kind, id, watermark) {
      let sum = 0
      for (const { xid, d } of notes.get(`${kind}:${id}`) ?? []) {
        if (!isCount(d)) return undefined
        if (!isBefore(xid, watermark)) sum += Number(d)
      }
      return sum
    },
  }
}
