// The level that processes share, and what becomes of it when Redis is not what it should be.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRows, metric, startProcess } from '../../../test/caches.ts'
import { eventually, pause } from '../../../test/product.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/redis.ts'

const skip = NO_REDIS
const server = skip ? undefined : await startRedis()
const url = server?.url ?? ''
const loadsOf = (processes: ReturnType<typeof startProcess>[], name: string) =>
  processes.reduce((sum, { metrics }) => sum + metric(metrics, `cache_loads_total{cache="${name}"}`), 0)
const keyOf = (name: string, key: string) => `bs:{cache:${name}:${key}}`

test('a thousand who ask four processes for one thing cost one question', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const slow = async () => void (await pause(20))
  const processes = await Promise.all(
    [1, 2, 3, 4].map(async () => startProcess({ rows, redis: await connectRedis(url), name: 'four', afterRead: slow })),
  )
  const began = performance.now()
  const got = await Promise.all(Array.from({ length: 1_000 }, (_, i) => processes[i % 4]?.cache.get('k1')))
  assert.deepEqual(new Set(got), new Set([7]))
  assert.equal(loadsOf(processes, 'four'), 1)
  assert.ok(performance.now() - began < 500)
})

test('who holds the lease and dies is waited for as long as the lease lasts, and not longer', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const dead = startProcess({ rows, redis: await connectRedis(url), name: 'dies', afterRead: () => new Promise(() => {}) })
  void dead.cache.get('k1')
  await eventually(
    async () => server?.ask('EXISTS', `${keyOf('dies', 'k1')}:lease`),
    n => n === 1,
  )
  const others = await Promise.all([1, 2, 3].map(async () => startProcess({ rows, redis: await connectRedis(url), name: 'dies' })))
  const began = performance.now()
  assert.deepEqual(await Promise.all(others.map(one => one.cache.get('k1'))), [7, 7, 7])
  const took = performance.now() - began
  assert.ok(took > 1_000 && took < 3_000, `${took} ms`)
  assert.equal(loadsOf(others, 'dies'), 1)
})

test('a loader that fails gives its lease back', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const broken = startProcess({
    rows,
    redis: await connectRedis(url),
    name: 'fails',
    afterRead: () => {
      throw new Error('away')
    },
  })
  await assert.rejects(broken.cache.get('k1'), /away/)
  const other = startProcess({ rows, redis: await connectRedis(url), name: 'fails' })
  const began = performance.now()
  assert.equal(await other.cache.get('k1'), 7)
  assert.ok(performance.now() - began < 500)
})

test('values of every kind come back from Redis as they were', { skip }, async () => {
  const value = { id: 2n ** 62n + 1n, at: new Date(1_795_174_022_123), none: null, list: [1n, 'a|-', { $: 'x' }], text: '中文 "\u0000|-' }
  const rows = createRows()
  const redis = await connectRedis(url)
  const options = { load: async () => new Map([['k1', value as unknown as number]]) }
  await startProcess({ rows, redis, name: 'kinds', options }).cache.get('k1')
  const other = startProcess({ rows, redis, name: 'kinds', options: { load: async () => assert.fail('it is in Redis') } })
  await eventually(
    async () => server?.ask('EXISTS', keyOf('kinds', 'k1')),
    n => n === 1,
  )
  assert.deepEqual(await other.cache.get('k1'), value)
})

test('a value of another shape, another database or from before a restart is none', { skip }, async () => {
  const own = await startRedis('--save', '3600 1')
  const rows = createRows()
  rows.put('k1', 1)
  const redis = await connectRedis(own.url)
  await startProcess({ rows, redis, name: 'shape' }).cache.get('k1')
  await eventually(
    async () => own.ask('EXISTS', keyOf('shape', 'k1')),
    n => n === 1,
  )
  rows.put('k1', 2) // told of to nobody, so that the old value stays
  assert.equal(await startProcess({ rows, redis, name: 'shape', options: { shape: 2 } }).cache.get('k1'), 2)
  rows.put('k1', 3)
  await own.ask('SAVE')
  await own.kill()
  await own.start('--save', '3600 1')
  await eventually(
    async () => redis.ready(),
    ready => !ready,
  )
  await redis.connected(3_000)
  assert.equal(await own.ask('EXISTS', keyOf('shape', 'k1')), 1, 'it was saved')
  assert.equal(await startProcess({ rows, redis, name: 'shape', options: { shape: 2 } }).cache.get('k1'), 3)
})

test('what Redis brings back from before a change we heard of is not used', { skip }, async () => {
  const rows = createRows()
  const redis = await connectRedis(url)
  rows.put('k1', 1)
  const one = startProcess({ rows, redis, name: 'back' })
  assert.equal(await one.cache.get('k1'), 1)
  const old = await eventually(
    async () => server?.ask<string | null>('GET', keyOf('back', 'k1')),
    text => Boolean(text),
  )
  rows.put('k1', 2)
  one.tell()
  await pause(20)
  await server?.ask('SET', keyOf('back', 'k1'), old as string, 'PX', '600000') // as if the invalidation had been lost
  assert.equal(await one.cache.get('k1'), 2)
  const late = startProcess({ rows, redis, name: 'back' }) // learns of it from the log
  await server?.ask('SET', keyOf('back', 'k1'), old as string, 'PX', '600000')
  assert.equal(await late.cache.get('k1'), 2)
})

test('foreign things under our keys are a miss, and are replaced', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const [value, lease] = [keyOf('foreign', 'k1'), `${keyOf('foreign', 'k1')}:lease`]
  const plants: string[][][] = [
    [['SET', value, 'hello']],
    [['LPUSH', value, 'x']],
    [['HSET', value, 'a', 'b']],
    [['SET', lease, 'not ours']],
    [['LPUSH', lease, 'x']],
    [
      ['SET', value, ''],
      ['SADD', lease, 'x'],
    ],
  ]
  for (const plant of plants) {
    await server?.ask('FLUSHALL')
    for (const command of plant) await server?.ask(...command)
    const began = performance.now()
    assert.equal(await startProcess({ rows, redis: await connectRedis(url), name: 'foreign' }).cache.get('k1'), 7, `${plant}`)
    assert.ok(performance.now() - began < 1_000, `${plant}`)
    await eventually(
      async () => server?.ask('TYPE', value),
      type => type === 'string',
    )
    assert.equal(await startProcess({ rows: createRows(), redis: await connectRedis(url), name: 'foreign' }).cache.get('k1'), 7)
  }
  // Right in front, nonsense behind: not an answer, not an error.
  const text = (await server?.ask<string>('GET', value)) as string
  await server?.ask('SET', value, `${text.slice(0, -1)}{`, 'PX', '900000')
  assert.equal(await startProcess({ rows, redis: await connectRedis(url), name: 'foreign' }).cache.get('k1'), 7)
})

test('a Redis that is full, or throws things out, is a miss', { skip }, async () => {
  const rows = createRows()
  for (const [policy, name] of [
    ['noeviction', 'full'],
    ['allkeys-random', 'evicts'],
  ] as const) {
    const small = await startRedis('--maxmemory', '3mb', '--maxmemory-policy', policy)
    const redis = await connectRedis(small.url)
    const filler = 'x'.repeat(10_000)
    for (let i = 0; i < 400; i++) await small.ask('SET', `other:${i}`, filler).catch(() => {})
    const one = startProcess({ rows, redis, name })
    for (let i = 0; i < 300; i++) {
      rows.put(`k${i}`, i + 1)
      one.tell()
      assert.equal(await one.cache.get(`k${i}`), i + 1)
    }
  }
})

test('a Redis that hangs costs each process three short waits, then none, until it goes on', { skip }, async () => {
  const hangs = await startRedis()
  const rows = createRows()
  const one = startProcess({ rows, redis: await connectRedis(hangs.url), name: 'hangs' })
  for (let i = 0; i < 100; i++) rows.put(`k${i}`, i + 1)
  one.tell()
  await one.cache.get('k0')
  hangs.signal('SIGSTOP')
  const times: number[] = []
  for (let i = 1; i < 60; i++) {
    const began = performance.now()
    assert.equal(await one.cache.get(`k${i}`), i + 1)
    times.push(performance.now() - began)
  }
  assert.ok(Math.max(...times) < 250, `${Math.max(...times)} ms`)
  assert.ok(times.filter(ms => ms > 30).length <= 6, `${times.map(Math.round)}`)
  hangs.signal('SIGCONT')
  const again = 'cache_requests_total{cache="hangs",level="redis",outcome="miss"}'
  const before = metric(one.metrics, again)
  let next = 60
  await eventually(
    async () => {
      rows.put(`k${++next}`)
      one.tell()
      await one.cache.get(`k${next}`)
      return metric(one.metrics, again)
    },
    n => n > before,
  )
  assert.ok(metric(one.metrics, again) > before, 'used again within two seconds')
})

test('what is kept in Redis has a life of its own length, and none lives for ever', { skip }, async () => {
  await server?.ask('FLUSHALL')
  const rows = createRows()
  for (let i = 0; i < 2_000; i++) rows.put(`k${i}`)
  const redis = await connectRedis(url)
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}`)
  let lives: number[] = []
  // On a machine that is busy Redis may be late, and then keeps nothing: what is missing is asked for again.
  for (let tries = 20; lives.length === 0 || lives.some(ms => ms < 0); tries--) {
    assert.ok(tries > 0, `${lives.filter(ms => ms > 0).length} kept`)
    const one = startProcess({ rows, redis, name: 'lives', random: Math.random })
    for (let i = 0; i < keys.length; i += 50) await one.cache.of(keys.slice(i, i + 50))
    await pause(50)
    const asked = keys.map(key => ['PTTL', keyOf('lives', key)])
    lives = (await redis.pipeline<number>(asked, 5_000)) as number[]
  }
  const perSecond = new Map<number, number>()
  for (const ms of lives as number[]) perSecond.set(Math.floor(ms / 1_000), (perSecond.get(Math.floor(ms / 1_000)) ?? 0) + 1)
  // Ten minutes old and ten in which it is renewed, the former or half of it: 900 to 1,200 s.
  assert.ok(Math.min(...lives) > 850_000 && Math.max(...lives) <= 1_200_000)
  assert.ok(Math.max(...perSecond.values()) <= 40, `at most a fiftieth in any second: ${Math.max(...perSecond.values())}`)
})
