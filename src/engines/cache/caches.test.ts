// Both engines of the cache through the one door that features use. The Redis level's own rules are in far.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkInterleavings, createRows, metricValue, type ProcessOptions, startProcess } from '../../../test/support/caches.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import type { Redis } from '../redis/redis.ts'

const server = NO_REDIS ? undefined : await startRedis()

for (const [engine, skip, connect] of [
  ['memory', false, async () => undefined],
  ['memory and redis', NO_REDIS, () => connectRedis(server?.url ?? '')],
] as [string, string | false, () => Promise<Redis | undefined>][]) {
  let named = 0
  const start = async (setting: Partial<ProcessOptions> = {}) => {
    const rows = setting.rows ?? createRows()
    return { rows, ...startProcess({ rows, redis: await connect(), name: `${engine.length}-${named++}`, ...setting }) }
  }
  const loads = (one: { metrics: Parameters<typeof metricValue>[0] }) => {
    const total = one.metrics.text().matchAll(/^cache_loads_total\{.*\} (\d+)$/gm)
    return [...total].reduce((sum, [, n]) => sum + Number(n), 0)
  }

  test(`${engine}: many who ask for one thing at once cost one question, and later ones none`, { skip }, async () => {
    const one = await start()
    one.rows.put('k1', 7)
    one.deliverChanges()
    const got = await Promise.all(Array.from({ length: 1_000 }, () => one.cache.get('k1')))
    assert.deepEqual(new Set(got), new Set([7]))
    assert.equal(await one.cache.get('k1'), 7)
    assert.equal(loads(one), 1)
  })

  test(`${engine}: many things cost one question, and what is not there is left out and remembered`, { skip }, async () => {
    const one = await start()
    for (const key of ['k1', 'k2', 'k3']) one.rows.put(key)
    one.deliverChanges()
    assert.deepEqual([...(await one.cache.getMany(['k1', 'k2', 'k3', 'k9', 'k1'])).keys()].toSorted(), ['k1', 'k2', 'k3'])
    assert.equal((await one.cache.getMany(['k9', 'k2'])).size, 1)
    assert.equal(loads(one), 1)
  })

  test(`${engine}: what changed, came to be or went is seen by whoever asks after it was told`, { skip }, async () => {
    const one = await start()
    assert.equal(await one.cache.get('k1'), undefined)
    for (const value of [1, 2, undefined, 3]) {
      if (value === undefined) one.rows.drop('k1')
      else one.rows.put('k1', value)
      one.deliverChanges()
      assert.equal(await one.cache.get('k1'), value)
    }
  })

  test(`${engine}: a value is given while it is renewed once it is old, and not given at all once it is twice as old`, {
    skip,
  }, async () => {
    let now = 1_000_000
    const one = await start({ clock: () => now, options: { invalidationKey: undefined, freshMs: 60_000 } })
    const seen = async () => {
      const value = await one.cache.get('k1')
      await new Promise(resolve => setTimeout(resolve, 30))
      return value
    }
    one.rows.put('k1', 1)
    assert.equal(await seen(), 1)
    one.rows.put('k1', 2)
    now += 59_000
    assert.equal(await seen(), 1)
    assert.equal(loads(one), 1)
    now += 2_000
    assert.equal(await seen(), 1, 'old, and being renewed')
    assert.equal(await seen(), 2)
    one.rows.put('k1', 3)
    now += 121_000
    assert.equal(await seen(), 3)
  })

  test(`${engine}: a failing loader fails who asks, not the next one; what is known is given instead`, { skip }, async () => {
    let now = 1_000_000
    let broken = true
    const one = await start({
      clock: () => now,
      afterRead: () => {
        if (broken) throw new Error('away')
      },
    })
    one.rows.put('k1', 1)
    one.deliverChanges()
    await assert.rejects(one.cache.get('k1'), /away/)
    broken = false
    assert.equal(await one.cache.get('k1'), 1)
    broken = true
    now += 60_000 // nobody tells of changes any more: the value is two seconds good, then only for want of a better
    assert.equal(await one.cache.get('k1'), 1)
    one.rows.put('k1', 2)
    one.deliverChanges()
    await assert.rejects(one.cache.get('k1'), /away/, 'it is known to have changed')
  })

  test(`${engine}: nobody vouches for a value for longer than two seconds once changes are not heard`, { skip }, async () => {
    let now = 1_000_000
    const one = await start({ clock: () => now })
    one.rows.put('k1', 1)
    one.deliverChanges()
    assert.equal(await one.cache.get('k1'), 1)
    one.rows.put('k1', 2) // told of to nobody
    now += 1_900
    assert.equal(await one.cache.get('k1'), 1)
    now += 200
    assert.equal(await one.cache.get('k1'), 2)
  })

  test(`${engine}: a clock that is set back makes nothing younger`, { skip }, async () => {
    let now = 1_000_000
    const clock = () => Date.UTC(2026, 10, 20) - now // further back with each look
    const one = await start({ clock, monotonic: () => now })
    one.rows.put('k1', 1)
    one.deliverChanges()
    assert.equal(await one.cache.get('k1'), 1)
    one.rows.put('k1', 2) // told of to nobody
    now += 2_100
    assert.equal(await one.cache.get('k1'), 2)
  })

  test(`${engine}: orders in which a value read before a change could be kept after it`, { skip, timeout: 60_000 }, async () => {
    const redis = await connect()
    await checkInterleavings({ runs: redis ? 150 : 2_000, seed: Date.now() % 2 ** 31, redis })
  })
}

test('memory: entries, bytes and absent keys are bounded', async () => {
  const rows = createRows()
  const one = startProcess({ rows, name: 'bounded', options: { entriesMax: 100, bytesMax: 1_000 } })
  for (let i = 0; i < 500; i++) rows.put(`k${i}`)
  one.deliverChanges()
  for (let i = 0; i < 500; i++) await one.cache.get(`k${i}`)
  for (let i = 1_000; i < 13_000; i++) await one.cache.get(`k${i}`)
  const before = metricValue(one.metrics, 'cache_loads_total{cache="bounded"}')
  for (let i = 0; i < 500; i++) await one.cache.get(`k${i}`)
  // 16 bytes each: 62 fit.
  assert.ok(metricValue(one.metrics, 'cache_loads_total{cache="bounded"}') - before >= 430)
  for (let i = 1_000; i < 1_500; i++) await one.cache.get(`k${i}`)
  assert.ok(metricValue(one.metrics, 'cache_loads_total{cache="bounded"}') - before >= 930, 'the oldest of 12,000 absent ones went')
})

test('memory: what came together does not go together, and the wave of its renewals is no flood', async () => {
  let now = 0
  let drawn = 0
  const rows = createRows()
  const random = () => (drawn++ * 0.618_034) % 1 // evenly spread
  const one = startProcess({ rows, name: 'spread', clock: () => now, random })
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}`)
  for (const key of keys) rows.put(key)
  one.deliverChanges()
  await one.cache.getMany(keys)
  // How many were renewed in each twenty seconds, while everybody is asked for all the time.
  const renewed: number[] = []
  const stale = () => metricValue(one.metrics, 'cache_requests_total{cache="spread",level="memory",outcome="stale"}')
  for (let second = 20; second <= 2_000; second += 20) {
    now = second * 1_000
    one.deliverChanges()
    const before = stale()
    await one.cache.getMany(keys)
    await new Promise(resolve => setImmediate(resolve))
    one.deliverChanges()
    renewed.push(stale() - before)
  }
  const sum = (some: number[]) => some.reduce((all, n) => all + n, 0)
  assert.deepEqual([sum(renewed.slice(0, 14)), sum(renewed.slice(0, 30)) >= 2_000], [0, true], 'after five to ten minutes')
  const wave = Math.max(...renewed.slice(0, 30))
  const steady = sum(renewed.slice(50)) / renewed.slice(50).length
  assert.ok(wave <= 2 * steady, `${wave} at once, ${steady} in the long run`)
})

test('memory: only so many loads run at once, the others wait, and beyond those it says so', async () => {
  const rows = createRows()
  let running = 0
  let most = 0
  const release: (() => void)[] = []
  const one = startProcess({
    rows,
    name: 'places',
    afterRead: async () => {
      most = Math.max(most, ++running)
      await new Promise<void>(resolve => release.push(resolve))
      running--
    },
  })
  const asked = Array.from({ length: 1_100 }, (_, i) => one.cache.get(`k${i}`))
  const settled = Promise.allSettled(asked)
  for (let rounds = 0; rounds < 2_000; rounds++) {
    release.splice(0).forEach(go => go())
    await new Promise(resolve => setImmediate(resolve))
  }
  const refused = (await settled).flatMap(one => (one.status === 'rejected' ? [one.reason.kind] : []))
  assert.equal(most, 8)
  assert.deepEqual([refused.length, new Set(refused)], [92, new Set(['unavailable'])])
})
