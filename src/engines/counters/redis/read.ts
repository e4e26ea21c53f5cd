// The Redis engine, as readers see it. A read fetches all shards it needs in one round trip. If a shard is missing, corrupt or
// behind, or Redis does not answer in time, the rows are read instead. So no reader gets a wrong count or an error from Redis.

import { createBulkhead } from '../../../base/bulkhead.ts'
import { SECOND } from '../../../base/clock.ts'
import type { Log } from '../../../base/log.ts'
import type { Metrics } from '../../../base/metrics.ts'
import type { Db } from '../../database/database.ts'
import { type Command, type Redis, RedisUnavailable } from '../../redis/redis.ts'
import type { Counters } from '../counters.ts'
import { assertCounterKinds, type CounterKind } from '../kinds.ts'
import { explainFromRows, tableCounters } from '../table.ts'
import { createCorruptionReporter } from './corrupt.ts'
import { trackIncarnation } from './incarnation.ts'
import { CAUGHT_UP_KEY, FRESH_KEY, ownWritesKey, shardOf } from './keys.ts'
import { createOwnWrites, type OwnWrites, parseOwnWrites } from './read-your-writes.ts'
import { parseSlice, type ShardSlice, sliceCommand, slicesOf } from './shard-slice.ts'
import { parseFreshness, parseMillis } from './values.ts'

export interface RedisCountersNeeds {
  db: Db
  redis: Redis
  log: Log
  metrics?: Metrics
}

const READ_TIMEOUT_MS = 100 // a read takes less than a millisecond
const REST_MS = SECOND // after a timeout no read tries Redis for so long
const ROW_READS_MAX = 8 // at once, of the pool's sixteen connections: if Redis fails, the database must not
const ROW_READS_QUEUE_MAX = 1_000 // what the database answers in a second

interface Fetched {
  shards: unknown[]
  /** Undefined for a viewer who is no reader. */
  own: OwnWrites | undefined
}

export function redisCounters({ db, redis, log, metrics }: RedisCountersNeeds): Counters {
  const table = tableCounters(db)
  const limited = createBulkhead({ concurrency: ROW_READS_MAX, queueMax: ROW_READS_QUEUE_MAX, refusal: 'too many wait for the counts' })
  const reads = metrics?.counter('counter_reads_total', 'Reads of counts', ['from'])
  const currentIncarnation = trackIncarnation(db)
  const ownWrites = createOwnWrites({ db, redis, log, limited })
  const reportCorrupt = createCorruptionReporter(redis)
  let restUntil = 0

  async function readRows<K extends CounterKind>(kinds: readonly K[], ids: readonly bigint[]) {
    reads?.add(['rows'])
    return limited(() => table.read(kinds, ids))
  }

  /** Undefined if Redis does not answer, or its shards may not be read. */
  async function fetchSlices(slices: ShardSlice[], reader: bigint | undefined, incarnation: string): Promise<Fetched | undefined> {
    // Own writes are read before the shards. The other way round, a delta that is applied in between would be in neither.
    const commands: Command[] = [
      ['GET', FRESH_KEY],
      ...(reader === undefined ? [] : [['HGETALL', ownWritesKey(reader)]]),
      ...slices.map(sliceCommand),
    ]
    let answers: unknown[]
    try {
      answers = await redis.pipeline(commands, READ_TIMEOUT_MS)
    } catch (err) {
      if (err instanceof RedisUnavailable && redis.isReady()) restUntil = performance.now() + REST_MS
      return undefined
    }
    const freshness = parseFreshness(answers[0])
    if (freshness?.incarnation !== incarnation || freshness.instance !== redis.instance()) return undefined
    const own = reader === undefined ? undefined : parseOwnWrites(answers[1], incarnation)
    if (reader !== undefined && !own) return undefined
    ownWrites.setFreshness(freshness)
    return { shards: answers.slice(-slices.length), own }
  }

  return {
    async read(kinds, ids, viewer) {
      assertCounterKinds(kinds)
      if (ids.length === 0 || kinds.length === 0) return () => 0
      const reader = viewer?.kind === 'reader' ? viewer.id : undefined
      const incarnation = await currentIncarnation()
      if (incarnation === undefined || performance.now() < restUntil || ownWrites.isUnnoted(reader)) return readRows(kinds, ids)
      const slices = kinds.flatMap(kind => slicesOf(kind, ids))
      const fetched = await fetchSlices(slices, reader, incarnation)
      if (!fetched) return readRows(kinds, ids)
      reads?.add(['store'])
      const { values, unreadable, incomplete } = evaluate(slices, fetched, incarnation)
      reportCorrupt(unreadable)
      if (incomplete.length > 0) {
        const count = await readRows(
          [...new Set(incomplete.map(slice => slice.kind))],
          incomplete.flatMap(slice => slice.ids),
        )
        for (const { kind, ids: sliceIds } of incomplete) for (const id of sliceIds) values.set(`${kind} ${id}`, count(id, kind))
      }
      return (id, kind) => values.get(`${kind} ${id}`) ?? 0
    },

    async noteOwnWrite(viewer, kinds, ids) {
      assertCounterKinds(kinds)
      if (viewer.kind === 'reader') await ownWrites.note(viewer.id, kinds, ids)
    },

    // Redis may lack what the rows tell of: a cache that read it now would keep the old count.
    followChanges: () => undefined,

    async explain(kind, id) {
      assertCounterKinds([kind])
      const slice = { kind, shard: shardOf(id), ids: [id] }
      const answer = await redis.send(sliceCommand(slice), READ_TIMEOUT_MS).catch(() => undefined)
      const contents = parseSlice(slice, answer, (await currentIncarnation()) ?? '')
      if (!contents) return table.explain(kind, id)
      const { truth, pending } = await explainFromRows(db, kind, id, contents.watermark)
      return { truth, store: contents.values[0] as number, pending, engine: 'redis' }
    },
  }
}

/** `unreadable` slices are of shards that may not be read; `incomplete` ones have counts that the rows have to give. */
function evaluate(slices: ShardSlice[], { shards, own }: Fetched, incarnation: string) {
  const values = new Map<string, number>()
  const unreadable: ShardSlice[] = []
  const incomplete = new Set<ShardSlice>()
  for (const [i, slice] of slices.entries()) {
    const contents = parseSlice(slice, shards[i], incarnation)
    if (!contents) {
      unreadable.push(slice)
      incomplete.add(slice)
      continue
    }
    for (const [n, id] of slice.ids.entries()) {
      const delta = own ? own.deltaSince(slice.kind, id, contents.watermark) : 0
      if (delta === undefined) incomplete.add(slice)
      else values.set(`${slice.kind} ${id}`, (contents.values[n] as number) + delta)
    }
  }
  return { values, unreadable, incomplete: [...incomplete] }
}

/** When the applier was last caught up, in milliseconds by its clock. Undefined if no applier has been. */
export async function readCaughtUpAt(redis: Redis): Promise<number | undefined> {
  return parseMillis(await redis.send(['GET', CAUGHT_UP_KEY], READ_TIMEOUT_MS))
}
