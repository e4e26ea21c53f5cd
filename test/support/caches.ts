// Caches over a database that is a map with a log, so that a test decides what happens in which order.

import fc from 'fast-check'
import { silentLog } from '../../src/base/log.ts'
import { createMetrics, type Metrics } from '../../src/base/metrics.ts'
import { type Cache, type CacheOptions, type Caches, createCaches } from '../../src/engines/cache/caches.ts'
import type { LoggedChange } from '../../src/engines/log/change-log.ts'
import type { Redis } from '../../src/engines/redis/redis.ts'
import { PATIENCE_MS } from './waiting.ts'

export type Key = string

/** What a process has: caches of its own over rows shared by all. */
export interface CacheProcess {
  cache: Cache<Key, number>
  caches: Caches
  metrics: Metrics
  /** Tells it of what it has not heard yet. */
  deliverChanges(): void
}

export function createRows() {
  const rows = new Map<Key, number>()
  const log: (LoggedChange & { row: Key })[] = []
  let xid = 1_000
  return {
    rows,
    log,
    put(row: Key, value = (rows.get(row) ?? 0) + 1) {
      rows.set(row, value)
      log.push({ xid: String(xid++), seq: BigInt(log.length), topic: 'reader', key: BigInt(row.slice(1)), row })
    },
    drop(row: Key) {
      rows.delete(row)
      log.push({ xid: String(xid++), seq: BigInt(log.length), topic: 'reader', key: BigInt(row.slice(1)), row })
    },
  }
}
export type Rows = ReturnType<typeof createRows>

export interface ProcessOptions {
  rows: Rows
  redis?: Redis
  name: string
  clock?: () => number
  monotonic?: () => number
  random?: () => number
  options?: Partial<CacheOptions<Key, number>>
  /** Called with what was read, before it is given to the cache. */
  afterRead?: () => Promise<void> | void
}

export function startProcess({
  rows,
  redis,
  name,
  clock = Date.now,
  monotonic = clock,
  random = () => 1,
  options,
  afterRead,
}: ProcessOptions): CacheProcess {
  const metrics = createMetrics()
  const caches = createCaches({ log: silentLog, metrics, clock, monotonic, random, redis, loadsAtOnce: 8 })
  const cache = caches.createCache<Key, number>({
    name,
    schemaVersion: 1,
    invalidationKey: ({ topic, key }) => (topic === 'reader' ? `k${key}` : undefined),
    async load(keys) {
      const read = new Map(keys.flatMap(key => (rows.rows.has(key) ? [[key, rows.rows.get(key) as number] as const] : [])))
      await afterRead?.()
      return read
    },
    ...options,
  })
  caches.start(rows.log, true, 'test')
  caches.setCaughtUpAt(monotonic())
  let told = rows.log.length
  return {
    cache,
    caches,
    metrics,
    deliverChanges() {
      const changes = rows.log.slice(told)
      told = rows.log.length
      if (changes.length > 0) caches.invalidate(changes)
      caches.setCaughtUpAt(monotonic())
    },
  }
}

export function metricValue(metrics: Metrics, series: string): number {
  const line = metrics
    .text()
    .split('\n')
    .find(one => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

type Step =
  | { do: 'read'; process: number; key: Key }
  | { do: 'change' | 'drop' | 'lease ends'; key: Key }
  | { do: 'answer'; which: number }
  | { do: 'tell'; process: number }
  | { do: 'redis forgets' }

const key = fc.constantFrom('k1', 'k2')
const process = fc.nat(1)
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('read' as const), process, key }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), key }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(7) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const), process }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lease ends' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('redis forgets' as const) }) },
  ),
  { minLength: 4, maxLength: 16 },
)

/**
 * Reads, answers of the database held back, changes, and processes that hear of them sooner or later, in every order: a
 * read that begins after its process heard of a change never gives what was before it. Throws with the seed otherwise.
 */
export async function checkInterleavings({ runs, seed, redis }: { runs: number; seed: number; redis?: Redis }): Promise<void> {
  let round = 0
  await fc.assert(
    fc.asyncProperty(steps, async script => {
      await oneOrder(script, `order${seed}.${round++}`, redis)
    }),
    { numRuns: runs, seed, endOnFailure: true },
  )
}

async function oneOrder(script: Step[], name: string, redis: Redis | undefined): Promise<void> {
  const rows = createRows()
  // The answers that are on their way from the database.
  const held: (() => void)[] = []
  const afterRead = () => new Promise<void>(resolve => void held.push(resolve))
  const processes = [0, 1].map(() =>
    startProcess({ rows, redis, name, random: () => 0, afterRead, options: { entriesMax: 9, absentMax: 9 } }),
  )
  const valueAt = (position: number, row: Key) => rows.log.slice(0, position).filter(one => one.row === row).length
  const told = [0, 0]
  const reads: Promise<void>[] = []
  // Values only grow with changes; one dropped is put back above all before.
  const history: Map<Key, number[]> = new Map([
    ['k1', [0]],
    ['k2', [0]],
  ])
  let next = 1
  const change = (row: Key, gone: boolean) => {
    const value = next++
    if (gone) rows.drop(row)
    else rows.put(row, value)
    history.get(row)?.push(gone ? 0 : value)
  }
  const read = (i: number, row: Key) => {
    const least = valueAt(told[i] as number, row)
    const allowed = () => history.get(row)?.slice(least)
    reads.push(
      (processes[i] as CacheProcess).cache.get(row).then(value => {
        if (!allowed()?.includes(value ?? 0)) throw new Error(`process ${i} read ${value} of ${row}, after it heard of ${allowed()}`)
      }),
    )
  }
  const settle = async () => {
    // What was sent to Redis has been done when a later command is answered.
    await redis?.send(['PING'], PATIENCE_MS)
    await new Promise(resolve => setImmediate(resolve))
    const kept = await redis?.pipeline<string | null>(
      ['k1', 'k2'].map(row => ['GET', `bs:{cache:${name}:${row}}`]),
      PATIENCE_MS,
    )
    for (const [i, text] of (kept ?? []).entries()) {
      if (typeof text !== 'string') continue
      const row = `k${i + 1}`
      const value = text.endsWith('|-') ? 0 : Number(text.split('|').at(-1))
      if (
        !history
          .get(row)
          ?.slice(valueAt(Math.max(...told), row))
          .includes(value)
      )
        throw new Error(`${text} was kept after its change`)
    }
  }
  for (const step of script) {
    if (step.do === 'read') read(step.process, step.key)
    else if (step.do === 'change') change(step.key, false)
    else if (step.do === 'drop') change(step.key, true)
    else if (step.do === 'answer') held.splice(step.which % Math.max(held.length, 1), 1)[0]?.()
    else if (step.do === 'tell') {
      told[step.process] = rows.log.length
      processes[step.process]?.deliverChanges()
    } else if (step.do === 'lease ends') await redis?.send(['UNLINK', `bs:{cache:${name}:${step.key}}:lease`], PATIENCE_MS)
    else await redis?.send(['FLUSHALL'], PATIENCE_MS)
    await settle()
  }
  // In the end everybody has heard of everything, and reads what is there.
  for (const [i, one] of processes.entries()) {
    told[i] = rows.log.length
    one.deliverChanges()
  }
  await settle()
  for (const i of [0, 1]) for (const row of ['k1', 'k2']) read(i, row)
  const over = Promise.all(reads)
  let done = false
  over.then(
    () => (done = true),
    () => (done = true),
  )
  while (!done) {
    held.splice(0).forEach(answer => answer())
    await new Promise(resolve => setImmediate(resolve))
  }
  await over
}
