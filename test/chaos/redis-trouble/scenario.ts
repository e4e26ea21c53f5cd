// Caches, counts, rate limits and notifications of two processes while something is wrong with Redis. Every answer must come
// in time and be right, and Redis must be used again afterwards.

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { ReaderId } from '../../../src/base/id.ts'
import { silentLog } from '../../../src/base/log.ts'
import { createMetrics } from '../../../src/base/metrics.ts'
import { createBus } from '../../../src/engines/bus/bus.ts'
import { createApplier } from '../../../src/engines/counters/redis/applier.ts'
import { shardKey, shardOf } from '../../../src/engines/counters/redis/keys.ts'
import { redisCounters } from '../../../src/engines/counters/redis/read.ts'
import { createRateLimiter } from '../../../src/engines/limits/rate-limiter.ts'
import { openRedis } from '../../../src/engines/redis/open-redis.ts'
import { createRows, metricValue, type Rows, startProcess } from '../../support/caches.ts'
import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { NO_REDIS, startRedis } from '../../support/redis.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'
import { type Place, TROUBLES, type Trouble } from './troubles.ts'

const ROUNDS = 4
const LIMIT = 4
const COUNT_AGE_MS_MAX = 1_000 // docs/counters.md: no count is older than this

const database = NO_REDIS ? undefined : await testDatabase()
// Each row adds `n` to the count that it names.
await database?.pool.query(
  `create table tally (kind text, key bigint, n int); select declare_counts('tally', 'select kind, key, n d from rows')`,
)

// Concurrently, because the tests mostly wait for Redis.
export function testTroubles(names: string[]): void {
  describe('something is wrong with Redis', { skip: NO_REDIS, concurrency: 3 }, () => {
    for (const name of names)
      test(`when ${name}, all answers come and are right, and afterwards Redis is used again`, { timeout: 10 * PATIENCE_MS }, t =>
        testTrouble(t, TROUBLES[name] as Trouble),
      )
  })
}

async function testTrouble(t: TestContext, trouble: Trouble): Promise<void> {
  const site = await startSite(trouble.options ?? [])
  for (let i = 0; i < 3; i++) await site.round()
  // On a busy machine Redis may time out now and then, and each process counts for itself.
  for (let n = 0; (await site.consumePoints(`before${n}`)) !== LIMIT; n++) assert.ok(n < 20, 'the processes count together')

  await trouble.begin(site.place)
  site.resetSlowest()
  for (let i = 0; i < ROUNDS; i++) {
    await trouble.again?.(site.place)
    await site.round()
  }
  const consumed = await site.consumePoints('meanwhile')
  assert.ok(consumed >= LIMIT && consumed <= 2 * LIMIT, `${consumed} points consumed, ${LIMIT} in each process at most`)
  const slowestMs = site.slowestMs()

  await trouble.end?.(site.place)
  const usedAfterMs = await waitUntilUsed(site)
  await site.finish()
  const after = [...usedAfterMs].map(([part, ms]) => `${part} ${ms}`).join(', ')
  t.diagnostic(`the slowest answer took ${slowestMs} ms; used again after ${after} ms`)
}

/** Waits until every part uses Redis again. Returns the milliseconds that took, by part. */
async function waitUntilUsed(site: Site): Promise<Map<string, number>> {
  const startedAt = performance.now()
  const before = await site.usage()
  let n = 0
  const isUsed: Record<string, () => Promise<boolean>> = {
    caches: async () => (await site.usage()).cacheHits > before.cacheHits,
    notifications: async () => (await site.usage()).notifications > before.notifications,
    counts: async () => (await site.usage()).countReads > before.countReads,
    limits: async () => (await site.consumePoints(`after${n}`)) === LIMIT,
  }
  const usedAfterMs = new Map<string, number>()
  await eventually(
    async () => {
      await site.round()
      await pause(100)
      n++
      for (const [part, check] of Object.entries(isUsed))
        if (!usedAfterMs.has(part) && (await check())) usedAfterMs.set(part, Math.round(performance.now() - startedAt))
      return usedAfterMs
    },
    used => used.size === Object.keys(isUsed).length,
    6 * PATIENCE_MS,
  )
  return usedAfterMs
}

type Process = Awaited<ReturnType<typeof startRedisProcess>>
type Site = Awaited<ReturnType<typeof startSite>>

async function startRedisProcess(name: string, url: string, rows: Rows) {
  const redis = openRedis({ url, name, log: silentLog })
  cleanup(() => redis.close())
  await redis.connected(PATIENCE_MS)
  const { db } = database as NonNullable<typeof database>
  const metrics = createMetrics()
  const bus = createBus(redis)
  let notifications = 0
  bus.on('change', () => notifications++)
  return {
    redis,
    metrics,
    bus,
    notifications: () => notifications,
    cached: startProcess({ rows, redis, name: 'trouble' }),
    counters: redisCounters({ db, redis, log: silentLog, metrics }),
    limiter: createRateLimiter({ name: 'trouble', points: LIMIT, seconds: 600 }, redis),
  }
}

let articles = 0

/** Two processes, and a Redis of their own behind a proxy. */
async function startSite(redisOptions: string[]) {
  const { db, pool } = database as NonNullable<typeof database>
  const server = await startRedis(...redisOptions)
  const proxy = await startTcpProxy(server.port)
  const password = redisOptions.includes('--requirepass') ? ':sesame@' : ''
  const url = `redis://${password}127.0.0.1:${proxy.port}`
  const rows = createRows()
  const article = 2n ** 60n + BigInt(articles++) * 2n ** 22n
  const processes = await Promise.all(['one', 'two'].map(name => startRedisProcess(name, url, rows)))
  const [first, second] = processes as [Process, Process]
  const applier = createApplier({ db, pool, redis: first.redis, log: silentLog, settleMs: 0 })
  const place: Place = {
    server,
    proxy,
    keys: async () => {
      const all = await server.send<string[]>('KEYS', 'bs:*')
      return all.filter(key => /trouble|\{count\}|:own:/.test(key) || key === shardKey('article.likes', shardOf(article)))
    },
  }

  let slowest = 0
  async function timed<T>(answer: Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const result = await answer
    slowest = Math.max(slowest, performance.now() - startedAt)
    return result
  }
  const readLikes = async ({ counters }: Process, reader?: ReaderId) =>
    (await counters.read(['article.likes'], [article], reader && { kind: 'reader', id: reader }))(article, 'article.likes')

  /** When each like was committed. */
  const likedAt: number[] = []

  /** A change of a cached row, and a like: both processes must answer rightly. */
  async function round(): Promise<void> {
    const liked = likedAt.length + 1
    const key = `k${liked % 3}`
    rows.put(key, liked)
    for (const { cached } of processes) cached.deliverChanges()
    for (const { cached } of processes) assert.equal(await timed(cached.cache.get(key)), liked, 'the cached value')
    const reader = BigInt(liked) as ReaderId
    await pool.query(`insert into tally (kind, key, n) values ('article.likes', $1, 1)`, [String(article)])
    likedAt.push(performance.now())
    await timed(first.counters.noteOwnWrite({ kind: 'reader', id: reader }, ['article.likes'], [article]))
    assert.equal(await timed(readLikes(first, reader)), liked, 'a reader sees their own like')
    const due = likedAt.findLastIndex(at => at < performance.now() - COUNT_AGE_MS_MAX) + 1
    const seen = await timed(readLikes(second))
    assert.ok(seen <= liked && seen >= due, `${seen} of ${liked}, of which ${due} more than a second ago`)
    first.bus.publish('change', { xid: '7' })
    await applier.tick().catch(() => {}) // readers do not wait for it
  }

  /** How many points of `key` both processes let through together. */
  async function consumePoints(key: string): Promise<number> {
    let consumed = 0
    for (let i = 0; i < 3 * LIMIT; i++) for (const { limiter } of processes) if ((await timed(limiter.consume(key))) === 0) consumed++
    return consumed
  }

  const cacheOutcome = (outcome: string) =>
    metricValue(second.cached.metrics, `cache_requests_total{cache="trouble",level="redis",outcome="${outcome}"}`)
  return {
    place,
    round,
    consumePoints,
    slowestMs: () => Math.round(slowest),
    resetSlowest: () => (slowest = 0),
    /** How often the second process has used Redis. The first one loads; the second finds the value there, or waits for it. */
    usage: async () => ({
      cacheHits: (await cacheOutcome('hit')) + (await cacheOutcome('waited')),
      notifications: second.notifications(),
      countReads: await metricValue(second.metrics, 'counter_reads_total{from="store"}'),
    }),
    /** In the end all likes are counted. */
    async finish() {
      await applier.close()
      await eventually(
        () => readLikes(second),
        seen => seen === likedAt.length,
      )
    },
  }
}
