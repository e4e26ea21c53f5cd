import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pause } from '../../../test/product.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/redis.ts'
import { createLimiter } from './limits.ts'

const server = NO_REDIS ? undefined : await startRedis()
const url = server?.url ?? ''
const engines = [
  { engine: 'memory', skip: false as string | false, connect: async () => undefined },
  { engine: 'redis', skip: NO_REDIS, connect: () => connectRedis(url) },
]

for (const { engine, skip, connect } of engines) {
  test(`${engine}: each key has so many, and new ones when the time is over`, { skip }, async () => {
    const limiter = createLimiter({ name: 'short', points: 3, seconds: 1 }, await connect())
    const taken = async (key: string) => (await Promise.all([1, 2, 3, 4, 5].map(() => limiter.take(key)))).filter(Boolean).length
    assert.equal(await taken('a'), 3)
    assert.equal(await taken('b'), 3)
    assert.equal(await limiter.take('a'), false)
    await pause(1_050)
    assert.equal(await taken('a'), 3)
  })

  test(`${engine}: limits of different names do not share`, { skip }, async () => {
    const redis = await connect()
    const [one, two] = [
      createLimiter({ name: 'one', points: 1, seconds: 60 }, redis),
      createLimiter({ name: 'two', points: 1, seconds: 60 }, redis),
    ]
    assert.deepEqual([await one.take('a'), await one.take('a'), await two.take('a')], [true, false, true])
  })
}

test('redis: processes count together, each by itself while it is away, together again when it is back', { skip: NO_REDIS }, async () => {
  const own = await startRedis()
  const limit = { name: 'codes', points: 4, seconds: 60 }
  const redis = [await connectRedis(own.url), await connectRedis(own.url)]
  const limiters = redis.map(one => createLimiter(limit, one))
  const taken = async (key: string) =>
    (await Promise.all([0, 1, 0, 1, 0, 1, 0, 1, 0, 1].map(i => limiters[i]?.take(key)))).filter(Boolean).length
  assert.equal(await taken('a'), 4)
  own.signal('SIGSTOP')
  const began = performance.now()
  assert.equal(await taken('b'), 8)
  assert.ok(performance.now() - began < 500)
  own.signal('SIGCONT')
  await Promise.all(redis.map(one => one.connected(5_000)))
  assert.equal(await taken('c'), 4)
  assert.match(await own.ask('KEYS', '*c').then(String), /^bs:limit:codes:c$/)
})

test('redis: a foreign thing under the key of a limit lifts no limit', { skip: NO_REDIS }, async () => {
  await server?.ask('LPUSH', 'bs:limit:planted:a', 'x')
  const limiter = createLimiter({ name: 'planted', points: 2, seconds: 60 }, await connectRedis(url))
  assert.deepEqual([await limiter.take('a'), await limiter.take('a'), await limiter.take('a')], [true, true, false])
})
