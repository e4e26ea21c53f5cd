// A reader sees at once what they did, though the shards contain it a moment later. After a write, its deltas are recorded in
// Redis for the reader, by transaction. A read adds those transactions that the watermark of the shard does not cover, so each
// delta counts exactly once.

import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { SECOND } from '../../../base/clock.ts'
import { entriesMax } from '../../../base/entries-max.ts'
import type { Log } from '../../../base/log.ts'
import { withTimeout } from '../../../base/timeout.ts'
import type { Db } from '../../database/database.ts'
import type { Redis } from '../../redis/redis.ts'
import type { CounterKind } from '../kinds.ts'
import { FRESH_KEY, ownWritesKey } from './keys.ts'
import { NOTE_OWN_WRITES } from './scripts.ts'
import { type Freshness, isBefore, isCount, parseFreshness, parseHash } from './values.ts'

const LIFETIME_MS = 10 * SECOND // shards that are more than a second behind are not read
const ENTRIES_MAX = 500 // a write that changed more sends its reader to the rows for as long
const REDIS_TIMEOUT_MS = 100
const NOTE_TIMEOUT_MS = 300 // the write is committed, and its reader waits for the answer
const UNNOTED_MS = 3 * SECOND // by then the shards contain the write, or are not read
const UNNOTED_MAX = 10_000 // a megabyte

/** In the place of a delta: the write changed too many counts to record. */
const READ_ROWS = '*'

export interface OwnWritesNeeds {
  db: Db
  redis: Redis
  log: Log
  /** Limits how many read PostgreSQL at once. */
  limited: <T>(run: () => Promise<T>) => Promise<T>
}

export function createOwnWrites({ db, redis, log, limited }: OwnWritesNeeds) {
  /** Readers whose last write could not be recorded. They read the rows in this process. */
  const unnoted = new LRUCache<bigint, true>({ ...entriesMax(UNNOTED_MAX), ttl: UNNOTED_MS })
  let freshness: Freshness | undefined
  let freshnessAt = Number.NEGATIVE_INFINITY

  function setFreshness(latest: Freshness): void {
    freshness = latest
    freshnessAt = performance.now()
  }

  async function record(reader: bigint, kinds: readonly CounterKind[], ids: readonly bigint[]): Promise<void> {
    if (performance.now() - freshnessAt > SECOND) {
      // An older freshness is still right: its watermark is below what the shards contain next.
      freshness = parseFreshness(await redis.send(['GET', FRESH_KEY], REDIS_TIMEOUT_MS)) ?? freshness
      freshnessAt = performance.now()
    }
    await limited(() => recordOwnWrites(db, redis, { reader, kinds, ids, freshness }))
  }

  return {
    setFreshness,
    isUnnoted: (reader: bigint | undefined) => reader !== undefined && unnoted.has(reader),
    /** Never throws. */
    async note(reader: bigint, kinds: readonly CounterKind[], ids: readonly bigint[]): Promise<void> {
      try {
        await withTimeout(NOTE_TIMEOUT_MS, record(reader, kinds, ids), () => Promise.reject(new Error('recording took too long')))
      } catch (err) {
        unnoted.set(reader, true)
        log.debug({ err }, 'own write not recorded')
      }
    },
  }
}

/**
 * Records all deltas of the transactions that changed the given counts, as a like also changes a count of the author. The
 * freshness bounds the search: transactions below its watermark are in every shard already, in the same incarnation.
 */
async function recordOwnWrites(
  db: Db,
  redis: Redis,
  { reader, kinds, ids, freshness }: { reader: bigint; kinds: readonly CounterKind[]; ids: readonly bigint[]; freshness?: Freshness },
): Promise<void> {
  const { rows } = await sql<{ kind: string; key: bigint; xid: string; d: bigint; incarnation: string; from: string }>`
    with now as materialized (
      select incarnation,
             case when incarnation = ${freshness?.incarnation ?? ''} then ${freshness?.watermark ?? '0'} else '0' end::xid8 as "from"
        from counter_epoch() incarnation
    )
    select kind, key, xid, sum(d)::bigint as d, incarnation, "from" from now, counter_delta where xid in (
      select distinct xid from counter_delta
       where kind = any(${kinds}::text[]) and key = any(${ids}::bigint[]) and xid >= (select "from" from now) limit ${ENTRIES_MAX}
    ) group by kind, key, xid, incarnation, "from" limit ${ENTRIES_MAX}`.execute(db)
  const [first] = rows
  if (!first) return
  const fields =
    rows.length < ENTRIES_MAX
      ? rows.flatMap(({ kind, key, xid, d }) => [`${kind}:${key}:${xid}`, String(d)])
      : kinds.flatMap(kind => ids.flatMap(id => [`${kind}:${id}:`, READ_ROWS]))
  const args = [String(LIFETIME_MS), first.incarnation, first.from, ...fields]
  await redis.run(NOTE_OWN_WRITES, { keys: [ownWritesKey(reader)], args }, REDIS_TIMEOUT_MS)
}

export interface OwnWrites {
  /** The sum of the reader's deltas that a shard at `watermark` does not contain. Undefined if the rows have to be read. */
  deltaSince(kind: string, id: bigint, watermark: string): number | undefined
}

/** `answer` to HGETALL of the reader's key. Undefined if it was recorded in another incarnation, or is no hash. */
export function parseOwnWrites(answer: unknown, incarnation: string): OwnWrites | undefined {
  if (answer instanceof Error) return undefined
  const fields = parseHash(answer)
  if (fields.size > 0 && fields.get('_e') !== incarnation) return undefined
  const deltas = new Map<string, { xid: string; d: string }[]>()
  for (const [field, d] of fields) {
    const separator = field.lastIndexOf(':')
    const count = field.slice(0, separator)
    deltas.set(count, [...(deltas.get(count) ?? []), { xid: field.slice(separator + 1), d }])
  }
  return {
    deltaSince(kind, id, watermark) {
      let sum = 0
      for (const { xid, d } of deltas.get(`${kind}:${id}`) ?? []) {
        if (!isCount(d)) return undefined
        if (!isBefore(xid, watermark)) sum += Number(d)
      }
      return sum
    },
  }
}
