// The engine on Redis: reads come from its shards in one round trip, and from the rows whenever a shard is missing, behind
// or not ours, or Redis has no answer in time. So a reader never gets a wrong count, and never an error because of Redis.

import { TimeoutStrategy, timeout } from 'cockatiel'
import { LRUCache } from 'lru-cache'
import { createBulkhead } from '../../../base/bulkhead.ts'
import { MINUTE, SECOND } from '../../../base/clock.ts'
import type { Log } from '../../../base/log.ts'
import type { Metrics } from '../../../base/metrics.ts'
import type { Db } from '../../database/database.ts'
import { atomically } from '../../redis/commands.ts'
import { type Command, type Redis, RedisAway } from '../../redis/redis.ts'
import { type Counters, explainFromRows, tableCounters } from '../counters.ts'
import { assertCounterKinds, COUNTER_KINDS, type CounterKind } from '../kinds.ts'
import { epochOf } from './incarnation.ts'
import {
  CAUGHT_UP_KEY,
  CORRUPT_KEY,
  FRESH_KEY,
  type Freshness,
  isBefore,
  isCount,
  isWatermark,
  ownWritesKey,
  parseFreshness,
  parseHash,
  parseMillis,
  SHARDS,
  shardKey,
  shardName,
  shardOf,
} from './keys.ts'
import { noteOwn, type Own, readOwn } from './read-your-writes.ts'

export interface RedisCountersNeeds {
  db: Db
  redis: Redis
  log: Log
  metrics?: Metrics
}

const READ_MS = 100 // several hundred times what it takes; then the rows answer
const REST_MS = SECOND // after Redis let somebody wait: nobody else waits for it so long
const AT_ONCE = 8 // of the pool's sixteen connections; a Redis that fails must not take the database with it
const WAITING_MOST = 1_000 // a second's worth of them; whoever comes then is better told at once
const TOUCHED_MS = 300 // somebody waits for the answer to what they did, and it is done
const REPORT_MS = SECOND
const UNNOTED_MS = 3 * SECOND // by then the store has it, or is not read
const UNNOTED_MOST = 10_000 // a megabyte
const CATCHING_UP_MS = 2 * SECOND // what is behind for longer was never ahead: somebody had written that it was

interface Part {
  kind: CounterKind
  shard: number
  ids: bigint[]
}

export function redisCounters({ db, redis, log, metrics }: RedisCountersNeeds): Counters {
  const table = tableCounters(db)
  const toTheRows = createBulkhead({ concurrency: AT_ONCE, queueMax: WAITING_MOST, refusal: 'too many wait for the counts' })
  const inTime = timeout(TOUCHED_MS, TimeoutStrategy.Aggressive)
  const reads = metrics?.counter('counter_reads_total', 'Reads of counts', ['from'])
  const epoch = epochOf(db)
  /** The newest watermark seen of each shard, and when: a shard that falls behind it has gone back in time. */
  let newest: ({ watermark: string; at: number } | undefined)[] = []
  let newestOf = ''
  let restUntil = 0
  /** Viewers whose actions could not be noted, for as long as that matters. */
  const unnoted = new LRUCache<bigint, true>({ max: UNNOTED_MOST, ttl: UNNOTED_MS })
  /** What the store was last said to contain, and when. */
  let contained: Freshness | undefined
  let containedAt = 0
  let reported = 0

  async function fromRows<K extends CounterKind>(kinds: readonly K[], ids: readonly bigint[]) {
    reads?.add(['rows'])
    return toTheRows(() => table.read(kinds, ids))
  }

  async function note(reader: bigint, kinds: readonly CounterKind[], ids: readonly bigint[]): Promise<void> {
    if (performance.now() - containedAt > SECOND) {
      // Without one the rows are read for the moment; the last one known is below whatever the store has next.
      contained = parseFreshness(await redis.send(['GET', FRESH_KEY], READ_MS)) ?? contained
      containedAt = performance.now()
    }
    await toTheRows(() => noteOwn(db, redis, { reader, kinds, ids, contained }))
  }

  /** Those who apply are told of what cannot be read; once a second is enough. */
  function report(broken: Part[]): void {
    const now = performance.now()
    if (now - reported < REPORT_MS) return
    reported = now
    const told = atomically([
      ['SADD', CORRUPT_KEY, ...broken.map(shardName)],
      ['PEXPIRE', CORRUPT_KEY, String(MINUTE)],
    ])
    redis.pipeline(told, READ_MS).catch(() => {}) // told again with the next read
  }

  /** Of a shard, the watermark and the counts asked for; undefined when it is of no use. */
  function contents({ kind, shard, ids }: Part, answer: unknown, known: string): { watermark: string; values: number[] } | undefined {
    if (!Array.isArray(answer)) return undefined
    const [own, at, isNew, ...values] = answer as (string | null)[]
    if (own !== known || !isWatermark(at) || isNew !== null) return undefined
    if (!values.every(value => value === null || isCount(value))) return undefined
    const place = COUNTER_KINDS.indexOf(kind) * SHARDS + shard
    const [before, now] = [newest[place], performance.now()]
    if (before && isBefore(at, before.watermark) && now - before.at < CATCHING_UP_MS) return undefined
    newest[place] = { watermark: at, at: now }
    return { watermark: at, values: ids.map((_, i) => Number(values[i] ?? 0)) }
  }

  return {
    async read(kinds, ids, viewer) {
      assertCounterKinds(kinds)
      if (ids.length === 0 || kinds.length === 0) return () => 0
      const known = await epoch()
      if (known === undefined || performance.now() < restUntil) return fromRows(kinds, ids)
      if (viewer?.kind === 'reader' && unnoted.has(viewer.id)) return fromRows(kinds, ids)
      if (known !== newestOf) {
        newest = []
        newestOf = known
      }
      const parts = kinds.flatMap(kind => partsOf(kind, ids))
      const reader = viewer?.kind === 'reader' ? viewer.id : undefined
      // What is noted for the viewer is read before the shards: by then those may contain it, but not the other way round.
      const commands: Command[] = [
        ['GET', FRESH_KEY],
        ...(reader === undefined ? [] : [['HGETALL', ownWritesKey(reader)]]),
        ...parts.map(({ kind, shard, ids: some }) => ['HMGET', shardKey(kind, shard), '_e', '_w', '_n', ...some.map(String)]),
      ]
      let answers: unknown[]
      try {
        answers = await redis.pipeline(commands, READ_MS)
      } catch (err) {
        if (err instanceof RedisAway && redis.ready()) restUntil = performance.now() + REST_MS
        return fromRows(kinds, ids)
      }
      const fresh = parseFreshness(answers[0])
      const own: Own | undefined = reader === undefined ? undefined : ownOf(answers[1], known)
      if (fresh?.epoch !== known || fresh.instance !== redis.instance() || (reader !== undefined && !own)) return fromRows(kinds, ids)
      contained = fresh
      containedAt = performance.now()

      const values = new Map<string, number>()
      const broken: Part[] = []
      const asked = new Set<Part>()
      const shards = answers.slice(-parts.length)
      for (const [i, part] of parts.entries()) {
        const found = contents(part, shards[i], known)
        if (!found) broken.push(part)
        for (const [n, id] of part.ids.entries()) {
          const beyond = found && (own?.beyond(part.kind, id, found.watermark) ?? (own ? undefined : 0))
          if (found && beyond !== undefined) values.set(`${part.kind} ${id}`, (found.values[n] as number) + beyond)
          else asked.add(part)
        }
      }
      reads?.add(['store'])
      if (broken.length > 0) report(broken)
      if (asked.size > 0) {
        const rest = [...asked]
        const [someKinds, someIds] = [[...new Set(rest.map(part => part.kind))], rest.flatMap(part => part.ids)]
        const of = await fromRows(someKinds, someIds)
        for (const part of rest) for (const id of part.ids) values.set(`${part.kind} ${id}`, of(id, part.kind))
      }
      return (id, kind) => values.get(`${kind} ${id}`) ?? 0
    },

    async noteOwnWrite(viewer, kinds, ids) {
      assertCounterKinds(kinds)
      if (viewer.kind !== 'reader') return
      try {
        await inTime.execute(() => note(viewer.id, kinds, ids))
      } catch (err) {
        // It is committed; until the store has it, this viewer reads from the rows here.
        unnoted.set(viewer.id, true)
        log.debug({ err }, 'own action not noted')
      }
    },

    async explain(kind, id) {
      assertCounterKinds([kind])
      const part = { kind, shard: shardOf(id), ids: [id] }
      const answer = await redis.send(['HMGET', shardKey(kind, part.shard), '_e', '_w', '_n', String(id)], READ_MS).catch(() => undefined)
      const found = contents(part, answer, (await epoch()) ?? '')
      if (!found) return table.explain(kind, id)
      const { truth, pending } = await explainFromRows(db, kind, id, found.watermark)
      return { truth, store: found.values[0] as number, pending, engine: 'redis' }
    },
  }
}

function partsOf(kind: CounterKind, ids: readonly bigint[]): Part[] {
  const parts = new Map<number, Part>()
  for (const id of new Set(ids)) {
    const shard = shardOf(id)
    const part = parts.get(shard)
    if (part) part.ids.push(id)
    else parts.set(shard, { kind, shard, ids: [id] })
  }
  return [...parts.values()]
}

const ownOf = (answer: unknown, epoch: string): Own | undefined => (answer instanceof Error ? undefined : readOwn(parseHash(answer), epoch))

/** When the store last had everything that could be seen, by the clock of whoever applies; undefined when nobody ever said. */
export async function readCaughtUpAt(redis: Redis): Promise<number | undefined> {
  return parseMillis(await redis.send(['GET', CAUGHT_UP_KEY], READ_MS))
}
