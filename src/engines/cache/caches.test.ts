// Both engines of the cache through the interface that features use. The Redis level's own rules: redis-level.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkInterleavings } from '../../../test/support/cache-interleavings.ts'
import { createRows, metricValue, type ProcessOptions, startProcess } from '../../../test/support/caches.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import type { Redis } from '../redis/redis.ts'

const server = NO_REDIS ? undefined : await startRedis()

for (const [engine, skip, connect] of [
  ['memory', false, async () => undefined],
  ['memory and redis', NO_REDIS, () => connectRedis(server?.url ?? '')],
] as [string, string | false, () => Promise<Redis | undefined>][]) {
  let started = 0
  const start = async (options: Partial<ProcessOptions> = {}) => {
    const rows = options.rows ?? createRows()
    return { rows, ...startProcess({ rows, redis: await connect(), name: `${engine.length}-${started++}`, ...options }) }
  }
  const loads = async (one: { metrics: Parameters<typeof metricValue>[0] }) => {
    const total = (await one.metrics.text()).matchAll(/^cache_loads_total\{.*\} (\d+)$/gm)
    return [...total].reduce((sum, [, n]) => sum + Number(n), 0)
  }

  test(`${engine}: a thousand concurrent reads of one key cost one load, and later reads none`, { skip }, async () => {
    const one = await start()
    one.rows.put('k1', 7)
    one.deliverChanges()
    const got = await Promise.all(Array.from({ length: 1_000 }, () => one.cache.get('k1')))
    assert.deepEqual(new Set(got), new Set([7]))
    assert.equal(await one.cache.get('k1'), 7)
    assert.equal(await loads(one), 1)
  })

  test(`${engine}: many keys cost one load; a key without a row is left out, and its absence is cached`, { skip }, async () => {
    const one = await start()
    for (const key of ['k1', 'k2', 'k3']) one.rows.put(key)
    one.deliverChanges()
    assert.deepEqual([...(await one.cache.getMany(['k1', 'k2', 'k3', 'k9', 'k1'])).keys()].toSorted(), ['k1', 'k2', 'k3'])
    assert.equal((await one.cache.getMany(['k9', 'k2'])).size, 1)
    assert.equal(await loads(one), 1)
  })

  test(`${engine}: a reader who asks after a change is reported sees it: an insert, an update or a deletion`, { skip }, async () => {
    const one = await start()
    assert.equal(await one.cache.get('k1'), undefined)
    for (const value of [1, 2, undefined, 3]) {
      if (value === undefined) one.rows.drop('k1')
      else one.rows.put('k1', value)
      one.deliverChanges()
      assert.equal(await one.cache.get('k1'), value)
    }
  })

  test(`${engine}: a value due for renewal is served while it is renewed, and not served at twice that age`, {
    skip,
  }, async () => {
    let now = 1_000_000
    const one = await start({ clock: () => now, options: { invalidationKey: undefined, freshMs: 60_000 } })
    const readAndSettle = async () => {
      const value = await one.cache.get('k1')
      await new Promise(resolve => setTimeout(resolve, 30))
      return value
    }
    one.rows.put('k1', 1)
    assert.equal(await readAndSettle(), 1)
    one.rows.put('k1', 2)
    now += 59_000
    assert.equal(await readAndSettle(), 1)
    assert.equal(await loads(one), 1)
    now += 2_000
    assert.equal(await readAndSettle(), 1, 'due, and being renewed')
    assert.equal(await readAndSettle(), 2)
    one.rows.put('k1', 3)
    now += 121_000
    assert.equal(await readAndSettle(), 3)
  })

  test(`${engine}: if a load fails, its callers get the error and the next caller loads again; a last known value is served instead`, {
    skip,
  }, async () => {
    let now = 1_000_000
    let failing = true
    const one = await start({
      clock: () => now,
      afterRead: () => {
        if (failing) throw new Error('down')
      },
    })
    one.rows.put('k1', 1)
    one.deliverChanges()
    await assert.rejects(one.cache.get('k1'), /down/)
    failing = false
    assert.equal(await one.cache.get('k1'), 1)
    failing = true
    now += 60_000 // the change log is not followed any more: after two seconds the value is served only if it cannot be loaded
    assert.equal(await one.cache.get('k1'), 1)
    one.rows.put('k1', 2)
    one.deliverChanges()
    await assert.rejects(one.cache.get('k1'), /down/, 'it is known to be stale')
  })

  test(`${engine}: while the change log is not followed, a value is served for two seconds and no longer`, { skip }, async () => {
    let now = 1_000_000
    const one = await start({ clock: () => now })
    one.rows.put('k1', 1)
    one.deliverChanges()
    assert.equal(await one.cache.get('k1'), 1)
    one.rows.put('k1', 2) // the change is not delivered
    now += 1_900
    assert.equal(await one.cache.get('k1'), 1)
    now += 200
    assert.equal(await one.cache.get('k1'), 2)
  })

  test(`${engine}: a wall clock that is set back makes no value younger`, { skip }, async () => {
    let now = 1_000_000
    const clock = () => Date.UTC(2026, 10, 20) - now // further back with each call
    const one = await start({ clock, monotonic: () => now })
    one.rows.put('k1', 1)
    one.deliverChanges()
    assert.equal(await one.cache.get('k1'), 1)
    one.rows.put('k1', 2) // the change is not delivered
    now += 2_100
    assert.equal(await one.cache.get('k1'), 2)
  })

  test(`${engine}: no order of reads and changes lets a value from before a change be kept after it`, {
    skip,
    timeout: 60_000,
  }, async () => {
    const redis = await connect()
    await checkInterleavings({ runs: redis ? 50 : 500, seed: Date.now() % 2 ** 31, redis })
  })
}

test('memory: entries, bytes and absent keys are bounded', async () => {
  const rows = createRows()
  const one = startProcess({ rows, name: 'bounded', options: { entriesMax: 100, bytesMax: 1_000 } })
  for (let i = 0; i < 500; i++) rows.put(`k${i}`)
  one.deliverChanges()
  for (let i = 0; i < 500; i++) await one.cache.get(`k${i}`)
  for (let i = 1_000; i < 13_000; i++) await one.cache.get(`k${i}`)
  const before = await metricValue(one.metrics, 'cache_loads_total{cache="bounded"}')
  for (let i = 0; i < 500; i++) await one.cache.get(`k${i}`)
  // 16 bytes each: 62 fit.
  assert.ok((await metricValue(one.metrics, 'cache_loads_total{cache="bounded"}')) - before >= 430)
  for (let i = 1_000; i < 1_500; i++) await one.cache.get(`k${i}`)
  assert.ok(
    (await metricValue(one.metrics, 'cache_loads_total{cache="bounded"}')) - before >= 930,
    'the oldest of 12,000 absent keys were evicted',
  )
})

test('memory: values stored together are renewed at different times, at most at twice the usual rate', async () => {
  let now = 0
  let draws = 0
  const rows = createRows()
  const random = () => (draws++ * 0.618_034) % 1 // evenly spread
  const one = startProcess({ rows, name: 'spread', clock: () => now, random })
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}`)
  for (const key of keys) rows.put(key)
  one.deliverChanges()
  await one.cache.getMany(keys)
  // How many were renewed in each twenty seconds, while every key is read all the time.
  const renewed: number[] = []
  const stale = () => metricValue(one.metrics, 'cache_requests_total{cache="spread",level="memory",outcome="stale"}')
  for (let second = 20; second <= 2_000; second += 20) {
    now = second * 1_000
    one.deliverChanges()
    const before = await stale()
    await one.cache.getMany(keys)
    await new Promise(resolve => setImmediate(resolve))
    one.deliverChanges()
    renewed.push((await stale()) - before)
  }
  const sum = (some: number[]) => some.reduce((all, n) => all + n, 0)
  assert.deepEqual([sum(renewed.slice(0, 14)), sum(renewed.slice(0, 30)) >= 2_000], [0, true], 'between five and ten minutes of age')
  const peak = Math.max(...renewed.slice(0, 30))
  const steady = sum(renewed.slice(50)) / renewed.slice(50).length
  assert.ok(peak <= 2 * steady, `${peak} at the peak, ${steady} in the long run`)
})

test('memory: eight loads run at once, a thousand wait, and further ones are refused as unavailable', async () => {
  const rows = createRows()
  let running = 0
  let runningMax = 0
  const release: (() => void)[] = []
  const one = startProcess({
    rows,
    name: 'bulkhead',
    afterRead: async () => {
      runningMax = Math.max(runningMax, ++running)
      await new Promise<void>(resolve => release.push(resolve))
      running--
    },
  })
  const reads = Array.from({ length: 1_100 }, (_, i) => one.cache.get(`k${i}`))
  const settled = Promise.allSettled(reads)
  for (let rounds = 0; rounds < 2_000; rounds++) {
    release.splice(0).forEach(resolve => resolve())
    await new Promise(resolve => setImmediate(resolve))
  }
  const refused = (await settled).flatMap(one => (one.status === 'rejected' ? [one.reason.kind] : []))
  assert.equal(runningMax, 8)
  assert.deepEqual([refused.length, new Set(refused)], [92, new Set(['unavailable'])])
})
