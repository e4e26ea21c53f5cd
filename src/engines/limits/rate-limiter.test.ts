import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import type { Redis } from '../redis/redis.ts'
import { createRateLimiter, type RateLimit } from './rate-limiter.ts'

/** A limiter that says whether there was a point left. */
function createLimiter(limit: RateLimit, redis?: Redis) {
  const limiter = createRateLimiter(limit, redis)
  return { ...limiter, take: async (key: string) => (await limiter.consume(key)) === 0 }
}

const server = NO_REDIS ? undefined : await startRedis()
const url = server?.url ?? ''
const engines = [
  { engine: 'memory', skip: false as string | false, connect: async () => undefined },
  { engine: 'redis', skip: NO_REDIS, connect: () => connectRedis(url) },
]

/** Repeats with new keys until the outcome is as wanted: on a busy machine a window may end too early, or Redis time out. */
async function eventuallyGives<T>(scenario: (key: string) => Promise<T>, wanted: T): Promise<void> {
  let n = 0
  await eventually(
    () => scenario(`key${n++}`),
    outcome => JSON.stringify(outcome) === JSON.stringify(wanted),
  )
}

for (const { engine, skip, connect } of engines) {
  test(`${engine}: each key has its own points, and all of them again when the window ends`, { skip }, async () => {
    const limiter = createLimiter({ name: 'short', points: 3, seconds: 1 }, await connect())
    const taken = async (key: string) => (await Promise.all([1, 2, 3, 4, 5].map(() => limiter.take(key)))).filter(Boolean).length
    await eventuallyGives(
      async key => {
        const first = [await taken(key), await taken(`other ${key}`), await limiter.take(key)]
        await pause(1_050)
        return [...first, await taken(key)]
      },
      [3, 3, false, 3],
    )
  })

  test(`${engine}: limits of different names do not share points`, { skip }, async () => {
    const redis = await connect()
    const [one, two] = [
      createLimiter({ name: 'one', points: 1, seconds: 60 }, redis),
      createLimiter({ name: 'two', points: 1, seconds: 60 }, redis),
    ]
    await eventuallyGives(async key => [await one.take(key), await one.take(key), await two.take(key)], [true, false, true])
  })
}

test('redis: processes count together; while Redis is down, each for itself; then together again', { skip: NO_REDIS }, async () => {
  const ownServer = await startRedis()
  const codes = { name: 'codes', points: 4, seconds: 60 }
  const redis = [await connectRedis(ownServer.url), await connectRedis(ownServer.url)]
  const limiters = redis.map(one => createLimiter(codes, one))
  const taken = async (key: string) =>
    (await Promise.all([0, 1, 0, 1, 0, 1, 0, 1, 0, 1].map(i => limiters[i]?.take(key)))).filter(Boolean).length
  await eventuallyGives(taken, 4)
  ownServer.signal('SIGSTOP')
  assert.equal(await taken('down'), 8)
  ownServer.signal('SIGCONT')
  await Promise.all(redis.map(one => one.connected(PATIENCE_MS)))
  await eventuallyGives(key => taken(`back ${key}`), 4)
  assert.match(await ownServer.send('KEYS', '*back*').then(String), /^bs:limit:codes:back key\d+/)
})

test('redis: neither foreign data under the key of a limit, nor a Redis that forgets, lifts the limit', { skip: NO_REDIS }, async () => {
  const redis = await connectRedis(url)
  const limiter = createLimiter({ name: 'planted', points: 2, seconds: 60 }, redis)
  const plants = [
    ['LPUSH', 'x'],
    ['SET', '-1000000'],
    ['SET', 'many'],
    ['SET', '9223372036854775807'],
    ['HSET', 'a', '1'],
    ['SET', '7', 'PX', '864000000'],
  ]
  for (const [i, [command, ...values]] of plants.entries()) {
    await server?.send(command as string, `bs:limit:planted:${i}`, ...values)
    const taken = [await limiter.take(`${i}`), await limiter.take(`${i}`), await limiter.take(`${i}`)]
    assert.ok(!taken[2], `${command} ${values}`)
    // A foreign number may stay for one window, and no longer.
    await eventually(
      () => server?.send<number>('PTTL', `bs:limit:planted:${i}`),
      ms => ms !== undefined && ms <= 60_000,
    )
  }
  assert.deepEqual([await limiter.take('f'), await limiter.take('f')], [true, true])
  await server?.send('DEL', 'bs:limit:planted:f')
  assert.equal(await limiter.take('f'), false)
})

for (const { engine, skip, connect } of engines) {
  test(`${engine}: a key without points learns when the window ends, and has all points again after a reset`, { skip }, async () => {
    const redis = await connect()
    let n = 0
    await eventually(
      async () => {
        const limiter = createRateLimiter({ name: `reset ${n++}`, points: 2, seconds: 3_600 }, redis)
        const first = [await limiter.consume('a'), await limiter.consume('a'), await limiter.consume('a')]
        await limiter.reset('a')
        return [...first, await limiter.consume('a')]
      },
      // If Redis times out, the reset may be missing there.
      ([one, two, three = 0, four]) => one === 0 && two === 0 && three > 3_500 && three <= 3_600 && four === 0,
    )
  })
}

test('memory: of a hundred thousand addresses only the recent ones are counted, among them one that comes again and again', async () => {
  const limiter = createLimiter({ name: 'many', points: 3, seconds: 3_600 })
  const mallory = []
  for (let i = 0; i < 100_000; i++) {
    await limiter.take(`address ${i}`)
    if (i % 10_000 === 0) mallory.push(await limiter.take('mallory'))
  }
  assert.equal(mallory.filter(Boolean).length, 3)
  const first = []
  for (let i = 0; i < 3; i++) first.push(await limiter.take('address 0'))
  assert.deepEqual(first, [true, true, true], 'it was forgotten')
})
