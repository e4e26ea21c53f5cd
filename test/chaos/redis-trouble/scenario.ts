// Caches, counts, rate limits and notifications of two processes while something is wrong with Redis. Every answer must come
// in time and be right, and Redis must be used again afterwards.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReaderId } from '../../../src/base/id.ts'
import { silentLog } from '../../../src/base/log.ts'
import { createMetrics } from '../../../src/base/metrics.ts'
import { createBus } from '../../../src/engines/bus/bus.ts'
import { createApplier } from '../../../src/engines/counters/redis/applier.ts'
import { shardKey, shardOf } from '../../../src/engines/counters/redis/keys.ts'
import { redisCounters } from '../../../src/engines/counters/redis/read.ts'
import { createRateLimiter } from '../../../src/engines/limits/rate-limiter.ts'
import { openRedis } from '../../../src/engines/redis/open-redis.ts'
import { createRows, metricValue, startProcess } from '../../support/caches.ts'
import { cleanup } from '../../support/cleanup.ts'
import { testDatabase } from '../../support/database.ts'
import { NO_REDIS, startRedis, type TestRedis } from '../../support/redis.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { eventually, PATIENCE_MS, pause } from '../../support/waiting.ts'

const ROUNDS = 4
const LIMIT = 4
const BEHIND_MS = 1_000 // docs/counters.md: no count is older than this

interface Place {
  server: TestRedis
  proxy: TcpProxy
  /** The keys that the test reads. */
  keys(): Promise<string[]>
}

interface Trouble {
  options?: string[]
  begin(place: Place): Promise<unknown>
  /** Repeated before each round. */
  again?(place: Place): Promise<unknown>
  end?(place: Place): Promise<unknown>
}

const forEachKey = (change: (key: string, type: string, server: TestRedis) => Promise<unknown>) => async (place: Place) => {
  for (const key of await place.keys()) await change(key, await place.server.send<string>('TYPE', key), place.server).catch(() => {})
}
const truncateValues = forEachKey(async (key, type, server) => {
  const cut = (text: string) => text.slice(0, Math.floor(Math.random() * text.length))
  if (type === 'string') await server.send('SET', key, cut(await server.send<string>('GET', key)), 'KEEPTTL')
  else if (type === 'hash') {
    const [field] = await server.send<string[]>('HRANDFIELD', key, '1')
    if (field) await server.send('HSET', key, field, '') // not truncated: part of a number is a number, and only reconciling finds those
  }
})
const replaceByOtherType = forEachKey(async (key, type, server) => {
  await server.send('DEL', key)
  await (type === 'string' ? server.send('RPUSH', key, 'x') : server.send('SET', key, 'hello'))
})
const setConfig = (name: string, value: string) => (place: Place) => place.server.send('CONFIG', 'SET', name, value)

const TROUBLES: Record<string, Trouble> = {
  'Redis hangs': { begin: async ({ server }) => server.signal('SIGSTOP'), end: async ({ server }) => server.signal('SIGCONT') },
  'Redis connections are reset': { begin: async ({ proxy }) => proxy.resetConnections(), end: async ({ proxy }) => proxy.heal() },
  'the network drops everything sent to Redis': { begin: async ({ proxy }) => proxy.blackhole(), end: async ({ proxy }) => proxy.heal() },
  'Redis is killed and starts empty': { begin: ({ server }) => server.kill(), end: ({ server }) => server.start() },
  "Redis's password is changed": {
    options: ['--requirepass', 'sesame'],
    async begin({ server, proxy }) {
      await server.send('CONFIG', 'SET', 'requirepass', 'changed')
      proxy.resetConnections()
      proxy.heal()
      await pause(100)
    },
    // The test's own connection uses the first password, so Redis is started again with it.
    async end({ server }) {
      await server.kill()
      await server.start()
    },
  },
  'keys in Redis hold values of another type': { begin: replaceByOtherType, again: replaceByOtherType },
  'values in Redis are truncated': { begin: truncateValues, again: truncateValues },
  'Redis is full': { begin: setConfig('maxmemory', '1'), end: setConfig('maxmemory', '0') },
  'Redis evicts the least used keys': {
    options: ['--maxmemory-policy', 'allkeys-lru'],
    begin: setConfig('maxmemory', '2mb'),
    end: setConfig('maxmemory', '0'),
  },
  'Redis evicts random keys': {
    options: ['--maxmemory-policy', 'allkeys-random'],
    begin: setConfig('maxmemory', '1'),
    end: setConfig('maxmemory', '0'),
  },
  'Redis is read-only': {
    begin: ({ server }) => server.send('REPLICAOF', '127.0.0.1', '1'),
    end: ({ server }) => server.send('REPLICAOF', 'NO', 'ONE'),
  },
}

export const TROUBLE_NAMES = Object.keys(TROUBLES)

const database = NO_REDIS ? undefined : await testDatabase()
// Each row adds `n` to the count that it names.
await database?.pool.query(
  `create table tally (kind text, key bigint, n int); select declare_counts('tally', 'select kind, key, n d from rows')`,
)

let used = 0
// Concurrently, because the tests mostly wait for Redis.
export function testTroubles(names: string[]): void {
  describe('something is wrong with Redis', { skip: NO_REDIS, concurrency: 3 }, () => {
    for (const what of names)
      test(`when ${what}, all answers come and are right, and afterwards Redis is used again`, { timeout: 10 * PATIENCE_MS }, async t => {
        const trouble = TROUBLES[what] as Trouble
        const { db, pool } = database as NonNullable<typeof database>
        const server = await startRedis(...(trouble.options ?? []))
        const proxy = await startTcpProxy(server.port)
        const password = trouble.options?.includes('--requirepass') ? ':sesame@' : ''
        const rows = createRows()
        const article = 2n ** 60n + BigInt(used++) * 2n ** 22n
        const processes = await Promise.all(
          ['one', 'two'].map(async name => {
            const redis = openRedis({ url: `redis://${password}127.0.0.1:${proxy.port}`, name, log: silentLog })
            cleanup(() => redis.close())
            await redis.connected(PATIENCE_MS)
            const metrics = createMetrics()
            const bus = createBus(redis)
            const one = { redis, metrics, bus, woken: 0 }
            bus.on('news', () => one.woken++)
            return {
              ...one,
              woken: () => one.woken,
              cached: startProcess({ rows, redis, name: 'trouble' }),
              counters: redisCounters({ db, redis, log: silentLog, metrics }),
              limiter: createRateLimiter({ name: 'trouble', points: LIMIT, seconds: 600 }, redis),
            }
          }),
        )
        const [first, second] = processes as [(typeof processes)[0], (typeof processes)[0]]
        const applier = createApplier({ db, pool, redis: first.redis, log: silentLog, settleMs: 0 })
        const place: Place = {
          server,
          proxy,
          keys: async () => {
            const all = await server.send<string[]>('KEYS', 'bs:*')
            return all.filter(key => /trouble|\{count\}|:own:/.test(key) || key === shardKey('article.likes', shardOf(article)))
          },
        }
        const likes = async ({ counters }: typeof first, me?: ReaderId) =>
          (await counters.read(['article.likes'], [article], me && { kind: 'reader', id: me }))(article, 'article.likes')

        let worst = 0
        const soon = async <T>(answer: Promise<T>): Promise<T> => {
          const began = performance.now()
          const got = await answer
          worst = Math.max(worst, performance.now() - began)
          return got
        }
        /** When each was committed. */
        const likedAt: number[] = []
        const round = async () => {
          const liked = likedAt.length + 1
          const key = `k${liked % 3}`
          rows.put(key, liked)
          for (const one of processes) one.cached.deliverChanges()
          for (const one of processes) assert.equal(await soon(one.cached.cache.get(key)), liked, 'what is cached')
          const me = BigInt(liked) as ReaderId
          await pool.query(`insert into tally (kind, key, n) values ('article.likes', $1, 1)`, [String(article)])
          likedAt.push(performance.now())
          await soon(first.counters.noteOwnWrite({ kind: 'reader', id: me }, ['article.likes'], [article]))
          assert.equal(await soon(likes(first, me)), liked, 'what one did, one sees')
          const due = likedAt.findLastIndex(at => at < performance.now() - BEHIND_MS) + 1
          const seen = await soon(likes(second))
          assert.ok(seen <= liked && seen >= due, `${seen} of ${liked}, of which ${due} more than a second ago`)
          first.bus.publish('news')
          await applier.tick().catch(() => {}) // not awaited by a reader
        }
        /** How many are let through by both together. */
        const letThrough = async (key: string) => {
          let many = 0
          for (let i = 0; i < 3 * LIMIT; i++) for (const one of processes) if ((await soon(one.limiter.consume(key))) === 0) many++
          return many
        }

        for (let i = 0; i < 3; i++) await round()
        // Now and then Redis is late on a busy machine, and then each counts for itself.
        for (let n = 0; (await letThrough(`before${n}`)) !== LIMIT; n++) assert.ok(n < 20, 'they count together')
        await trouble.begin(place)
        worst = 0
        for (let i = 0; i < ROUNDS; i++) {
          await trouble.again?.(place)
          await round()
        }
        const many = await letThrough('meanwhile')
        assert.ok(many >= LIMIT && many <= 2 * LIMIT, `${many} let through, ${LIMIT} in each process at most`)
        const slowest = Math.round(worst)

        await trouble.end?.(place)
        const began = performance.now()
        // What one loads the other finds there, or waits for.
        const outcome = (how: string) =>
          metricValue(second.cached.metrics, `cache_requests_total{cache="trouble",level="redis",outcome="${how}"}`)
        const far = () => outcome('hit') + outcome('waited')
        const stored = () => metricValue(second.metrics, 'counter_reads_total{from="store"}')
        const [hits, wakes, reads] = [far(), second.woken(), stored()]
        let n = 0
        const parts = {
          caches: () => far() > hits,
          wakes: () => second.woken() > wakes,
          counts: () => stored() > reads,
          limits: async () => (await letThrough(`after${n}`)) === LIMIT,
        }
        const usedAfter = new Map<string, number>()
        await eventually(
          async () => {
            await round()
            await pause(100)
            n++
            for (const [part, isUsed] of Object.entries(parts))
              if (!usedAfter.has(part) && (await isUsed())) usedAfter.set(part, Math.round(performance.now() - began))
            return usedAfter
          },
          used => used.size === Object.keys(parts).length,
          6 * PATIENCE_MS,
        )
        await applier.close()
        await eventually(
          () => likes(second),
          seen => seen === likedAt.length,
        )
        const after = [...usedAfter].map(([part, ms]) => `${part} ${ms}`).join(', ')
        t.diagnostic(`the slowest answer took ${slowest} ms; used again after ${after} ms`)
      })
  })
}
