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

test('redis: foreign things under the key of a limit, and a Redis that forgets, lift no limit', { skip: NO_REDIS }, async () => {
  const redis = await connectRedis(url)
  const limiter = createLimiter({ name: 'planted', points: 2, seconds: 60 }, redis)
  const plants = [
    ['LPUSH', 'x'],
    ['SET', '-1000000'],
    ['SET', 'many'],
    ['SET', '9223372036854775807'],
    ['HSET', 'a', '1'],
  ]
  for (const [i, [command, ...values]] of plants.entries()) {
    await server?.ask(command as string, `bs:limit:planted:${i}`, ...values)
    const taken = [await limiter.take(`${i}`), await limiter.take(`${i}`), await limiter.take(`${i}`)]
    assert.ok(!taken[2], `${command} ${values}`)
    // A number of theirs may stand for a window, and no longer.
    if (values[0] === '9223372036854775807') assert.ok(((await server?.ask<number>('PTTL', `bs:limit:planted:${i}`)) ?? 0) <= 60_000)
  }
  assert.deepEqual([await limiter.take('f'), await limiter.take('f')], [true, true])
  await server?.ask('DEL', 'bs:limit:planted:f')
  assert.equal(await limiter.take('f'), false)
})
