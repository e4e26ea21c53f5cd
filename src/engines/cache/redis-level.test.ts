// The Redis level: how processes share loads, and which values in Redis are used.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CacheProcess, createRows, metricValue, startProcess } from '../../../test/support/caches.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'

const skip = NO_REDIS
const server = skip ? undefined : await startRedis()
const url = server?.url ?? ''
const sumOf = async (processes: CacheProcess[], series: string) => {
  const values = await Promise.all(processes.map(({ metrics }) => metricValue(metrics, series)))
  return values.reduce((sum, value) => sum + value, 0)
}
const loadsOf = (processes: CacheProcess[], name: string) => sumOf(processes, `cache_loads_total{cache="${name}"}`)
/** How often Redis timed out and a process loaded without it. On a busy machine that happens, so tests allow for it. */
const timeoutsOf = (processes: CacheProcess[], name: string) =>
  sumOf(processes, `cache_requests_total{cache="${name}",level="redis",outcome="away"}`)
const valueKey = (name: string, key: string) => `bs:{cache:${name}:${key}}`

test('a thousand concurrent reads of one key in four processes cost one load', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const slow = async () => void (await pause(20))
  const processes = await Promise.all(
    [1, 2, 3, 4].map(async () => startProcess({ rows, redis: await connectRedis(url), name: 'four', afterRead: slow })),
  )
  const got = await Promise.all(Array.from({ length: 1_000 }, (_, i) => processes[i % 4]?.cache.get('k1')))
  assert.deepEqual(new Set(got), new Set([7]))
  const loads = await loadsOf(processes, 'four')
  assert.ok(loads >= 1 && loads <= 1 + (await timeoutsOf(processes, 'four')), `${loads} loads`)
})

test('the holder of a lease dies: the others wait until the lease expires, and no longer', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const dead = startProcess({ rows, redis: await connectRedis(url), name: 'dies', afterRead: () => new Promise(() => {}) })
  const startedAt = performance.now()
  void dead.cache.get('k1')
  await eventually(
    async () => server?.send('EXISTS', `${valueKey('dies', 'k1')}:lease`),
    n => n === 1,
  )
  const others = await Promise.all([1, 2, 3].map(async () => startProcess({ rows, redis: await connectRedis(url), name: 'dies' })))
  assert.deepEqual(await Promise.all(others.map(one => one.cache.get('k1'))), [7, 7, 7])
  const [tookMs, timeouts] = [performance.now() - startedAt, await timeoutsOf(others, 'dies')]
  assert.ok(tookMs > 1_990 || timeouts > 0, `${tookMs} ms after the lease was taken`)
  // Half a second after the end of the lease each loads for itself, as on a machine that stands still for as long.
  assert.ok((await loadsOf(others, 'dies')) <= 1 + timeouts || tookMs > 2_500)
})

test('a load that fails releases its lease', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const lease = `${valueKey('fails', 'k1')}:lease`
  const redis = await connectRedis(url)
  const failing = startProcess({
    rows,
    // A release that Redis does not answer within a fifth of a second is given up: the lease would have expired.
    redis: { ...redis, runAll: (script, calls) => redis.runAll(script, calls, PATIENCE_MS) },
    name: 'fails',
    async afterRead() {
      await server?.send('PERSIST', lease) // otherwise it would expire
      throw new Error('down')
    },
  })
  await assert.rejects(failing.cache.get('k1'), /down/)
  await eventually(
    () => server?.send('EXISTS', lease),
    n => n === 0,
  )
  const other = startProcess({ rows, redis: await connectRedis(url), name: 'fails' })
  assert.equal(await other.cache.get('k1'), 7)
})

test('values of every type come back from Redis unchanged', { skip }, async () => {
  const value = { id: 2n ** 62n + 1n, at: new Date(1_795_174_022_123), none: null, list: [1n, 'a|-', { $: 'x' }], text: '中文 "\u0000|-' }
  const rows = createRows()
  const redis = await connectRedis(url)
  const options = { load: async () => new Map([['k1', value as unknown as number]]) }
  await eventually(
    async () => {
      await startProcess({ rows, redis, name: 'types', options }).cache.get('k1')
      return server?.send('EXISTS', valueKey('types', 'k1'))
    },
    n => n === 1,
  )
  // If Redis times out, nothing is found, and the next process tries.
  const nothing = { load: async () => new Map() }
  const found = await eventually(
    () => startProcess({ rows, redis, name: 'types', options: nothing }).cache.get('k1'),
    got => got !== undefined,
  )
  assert.deepEqual(found, value)
})

test('a value of another schema version, or from before a restart of Redis, is not read', { skip }, async () => {
  const redisServer = await startRedis('--save', '3600 1')
  const rows = createRows()
  rows.put('k1', 1)
  const redis = await connectRedis(redisServer.url)
  await eventually(
    async () => {
      await startProcess({ rows, redis, name: 'schema' }).cache.get('k1')
      return redisServer.send('EXISTS', valueKey('schema', 'k1'))
    },
    n => n === 1,
  )
  rows.put('k1', 2) // the change is not delivered, so the old value stays
  assert.equal(await startProcess({ rows, redis, name: 'schema', options: { schemaVersion: 2 } }).cache.get('k1'), 2)
  rows.put('k1', 3)
  await redisServer.send('SAVE')
  await redisServer.kill()
  await redisServer.start('--save', '3600 1')
  await eventually(
    async () => redis.isReady(),
    ready => !ready,
  )
  await redis.connected(PATIENCE_MS)
  assert.equal(await redisServer.send('EXISTS', valueKey('schema', 'k1')), 1, 'Redis saved it')
  assert.equal(await startProcess({ rows, redis, name: 'schema', options: { schemaVersion: 2 } }).cache.get('k1'), 3)
})

test('a process that learns of a change late does not revoke the lease of one that already knew of it', { skip }, async () => {
  const redis = [await connectRedis(url), await connectRedis(url)]
  let n = 0
  await eventually(
    async () => {
      const name = `later${n++}`
      const rows = createRows()
      rows.put('k1', 1)
      const answer = Promise.withResolvers<void>()
      const [one, two] = redis.map(each => startProcess({ rows, redis: each, name, afterRead: () => answer.promise })) as [
        CacheProcess,
        CacheProcess,
      ]
      rows.put('k1', 2)
      one.deliverChanges()
      const loading = one.cache.get('k1')
      await eventually(
        () => server?.send('EXISTS', `${valueKey(name, 'k1')}:lease`),
        count => count === 1,
      )
      two.deliverChanges()
      await pause(20) // until Redis has executed the invalidation, if it does not time out
      answer.resolve()
      assert.equal(await loading, 2)
      assert.equal(await two.cache.get('k1'), 2)
      return metricValue(two.metrics, `cache_loads_total{cache="${name}"}`)
    },
    loads => loads === 0, // otherwise Redis timed out
  )
})

test('a value in Redis that is older than a known change is not used', { skip }, async () => {
  const rows = createRows()
  const redis = await connectRedis(url)
  rows.put('k1', 1)
  let one = startProcess({ rows, redis, name: 'back' })
  const stored = () => server?.send<string | null>('GET', valueKey('back', 'k1'))
  const old = await eventually(
    async () => {
      one = startProcess({ rows, redis, name: 'back' })
      assert.equal(await one.cache.get('k1'), 1)
      return stored()
    },
    text => Boolean(text),
  )
  rows.put('k1', 2)
  one.deliverChanges()
  await eventually(stored, text => !text)
  await server?.send('SET', valueKey('back', 'k1'), old as string, 'PX', '600000') // as if the invalidation had been lost
  assert.equal(await one.cache.get('k1'), 2)
  const restarted = startProcess({ rows, redis, name: 'back' }) // it reads the recent changes
  await server?.send('SET', valueKey('back', 'k1'), old as string, 'PX', '600000')
  assert.equal(await restarted.cache.get('k1'), 2)
})

test('while the change log is not followed, a value from Redis is served for two seconds, whenever it was read', { skip }, async () => {
  const redis = await connectRedis(url)
  const hits = 'cache_requests_total{cache="unfollowed",level="redis",outcome="hit"}'
  await eventually(
    async () => {
      await server?.send('FLUSHALL')
      let now = 1_000_000
      const rows = createRows()
      rows.put('k1', 1)
      const [one, other] = [1, 2].map(() => startProcess({ rows, redis, name: 'unfollowed', clock: () => now }))
      await other?.cache.get('k1')
      rows.put('k1', 2) // the change is not delivered
      now += 1_900
      await one?.cache.get('k1')
      now += 200
      assert.equal(await one?.cache.get('k1'), 2)
      return one && metricValue(one.metrics, hits)
    },
    count => count === 1, // otherwise Redis timed out
  )
})

test('after a restore of the database, neither values nor versions from before it are used', { skip }, async () => {
  const rows = createRows()
  const one = startProcess({ rows, redis: await connectRedis(url), name: 'restored' })
  const stored = () => server?.send<string | null>('GET', valueKey('restored', 'k1'))
  const readAndSettle = async (value: number) => {
    assert.equal(await one.cache.get('k1'), value)
    await pause(30) // until it is stored in Redis, if it is at all
  }
  for (const row of ['k2', 'k3', 'k1']) rows.put(row, 1)
  one.deliverChanges()
  await readAndSettle(1)
  rows.rows.set('k1', 2)
  one.caches.reset({ xid: '1000', seq: 0n }, 'restored') // two of the delivered changes had a higher position
  await readAndSettle(2)
  rows.rows.set('k1', 3)
  one.caches.invalidate([{ xid: '1001', seq: 1n, topic: 'reader', key: 1n }])
  await readAndSettle(3)
  assert.ok(!(await stored())?.endsWith('|2'))
})

test('every entry in Redis expires, each after a time of its own', { skip }, async () => {
  await server?.send('FLUSHALL')
  const rows = createRows()
  for (let i = 0; i < 2_000; i++) rows.put(`k${i}`)
  const redis = await connectRedis(url)
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}`)
  let ttls: number[] = []
  // If Redis times out, nothing is stored: what is missing is read again.
  for (const giveUp = performance.now() + PATIENCE_MS; ttls.length === 0 || ttls.some(ms => ms < 0); ) {
    assert.ok(performance.now() < giveUp, `${ttls.filter(ms => ms > 0).length} stored`)
    const one = startProcess({ rows, redis, name: 'ttl', random: Math.random })
    for (let i = 0; i < keys.length; i += 50) await one.cache.getMany(keys.slice(i, i + 50))
    await pause(50)
    const commands = keys.map(key => ['PTTL', valueKey('ttl', key)])
    ttls = (await redis.pipeline<number>(commands, PATIENCE_MS)) as number[]
  }
  const perSecond = new Map<number, number>()
  for (const ms of ttls as number[]) perSecond.set(Math.floor(ms / 1_000), (perSecond.get(Math.floor(ms / 1_000)) ?? 0) + 1)
  // Ten minutes, and five to ten more with jitter: 900 to 1,200 s.
  assert.ok(Math.min(...ttls) > 850_000 && Math.max(...ttls) <= 1_200_000)
  assert.ok(Math.max(...perSecond.values()) <= 40, `at most one in fifty expires in the same second: ${Math.max(...perSecond.values())}`)
})
