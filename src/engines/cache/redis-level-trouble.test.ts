// The Redis level while Redis is full, hangs, evicts keys or holds foreign data.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRows, metricValue, startProcess } from '../../../test/support/caches.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually } from '../../../test/support/waiting.ts'

const skip = NO_REDIS
const server = skip ? undefined : await startRedis()
const url = server?.url ?? ''
const valueKey = (name: string, key: string) => `bs:{cache:${name}:${key}}`

test('foreign data under our keys is a miss, and is replaced', { skip }, async () => {
  const rows = createRows()
  rows.put('k1', 7)
  const [value, lease] = [valueKey('foreign', 'k1'), `${valueKey('foreign', 'k1')}:lease`]
  const plants: string[][][] = [
    [['SET', value, 'hello']],
    [['LPUSH', value, 'x']],
    [['HSET', value, 'a', 'b']],
    [['SET', lease, 'not ours']],
    [['LPUSH', lease, 'x']],
    [['SET', lease, 'not ours', 'PX', '600000']],
    [
      ['SET', value, ''],
      ['SADD', lease, 'x'],
    ],
  ]
  for (const plant of plants) {
    await server?.send('FLUSHALL')
    for (const command of plant) await server?.send(...command)
    const redis = await connectRedis(url)
    await eventually(
      async () => {
        assert.equal(await startProcess({ rows, redis, name: 'foreign' }).cache.get('k1'), 7, `${plant}`)
        return server?.send<string | null>('GET', value).catch(() => null)
      },
      entry => Boolean(entry?.endsWith('|7')),
    )
    const found = await eventually(
      () => startProcess({ rows: createRows(), redis, name: 'foreign' }).cache.get('k1'),
      got => got !== undefined,
    )
    assert.equal(found, 7)
  }
  // A valid beginning and invalid JSON: neither a value nor an error.
  const text = (await server?.send<string>('GET', value)) as string
  await server?.send('SET', value, `${text.slice(0, -1)}{`, 'PX', '900000')
  assert.equal(await startProcess({ rows, redis: await connectRedis(url), name: 'foreign' }).cache.get('k1'), 7)
})

test('a Redis that is full or evicts keys is a miss', { skip }, async () => {
  const rows = createRows()
  for (const [policy, name] of [
    ['noeviction', 'full'],
    ['allkeys-random', 'evicts'],
  ] as const) {
    const small = await startRedis('--maxmemory', '3mb', '--maxmemory-policy', policy)
    const redis = await connectRedis(small.url)
    const filler = 'x'.repeat(10_000)
    for (let i = 0; i < 400; i++) await small.send('SET', `other:${i}`, filler).catch(() => {})
    const one = startProcess({ rows, redis, name })
    for (let i = 0; i < 300; i++) {
      rows.put(`k${i}`, i + 1)
      one.deliverChanges()
      assert.equal(await one.cache.get(`k${i}`), i + 1)
    }
  }
})

test('a Redis that hangs costs a process three time-outs, then none until it answers again', { skip }, async () => {
  const hangs = await startRedis()
  const rows = createRows()
  const redis = await connectRedis(hangs.url)
  let calls = 0
  const counting: typeof redis = { ...redis, runAll: (...call) => ((calls += Number(redis.isReady())), redis.runAll(...call)) }
  const one = startProcess({ rows, redis: counting, name: 'hangs' })
  for (let i = 0; i < 100; i++) rows.put(`k${i}`, i + 1)
  one.deliverChanges()
  await one.cache.get('k0')
  hangs.signal('SIGSTOP')
  calls = 0
  const startedAt = performance.now()
  for (let i = 1; i < 60; i++) assert.equal(await one.cache.get(`k${i}`), i + 1)
  // After three, of which one may be an invalidation, the circuit opens. It lets one call through each half second.
  assert.ok(calls >= 1 && calls <= 4 + (performance.now() - startedAt) / 500, `${calls} calls`)
  hangs.signal('SIGCONT')
  const misses = 'cache_requests_total{cache="hangs",level="redis",outcome="miss"}'
  const before = await metricValue(one.metrics, misses)
  let next = 60
  await eventually(
    async () => {
      rows.put(`k${++next}`)
      one.deliverChanges()
      await one.cache.get(`k${next}`)
      return metricValue(one.metrics, misses)
    },
    n => n > before,
  )
})
