import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/waiting.ts'
import { createLimiter } from './limits.ts'

const server = NO_REDIS ? undefined : await startRedis()
const url = server?.url ?? ''
const engines = [
  { engine: 'memory', skip: false as string | false, connect: async () => undefined },
  { engine: 'redis', skip: NO_REDIS, connect: () => connectRedis(url) },
]

/**
 * Tries until it goes as wanted: on a busy machine a window may end amid the takes, or Redis be late, and then it is counted
 * here meanwhile.
 */
async function goes<T>(story: (key: string) => Promise<T>, wanted: T): Promise<void> {
  let n = 0
  await eventually(
    () => story(`key${n++}`),
    seen => JSON.stringify(seen) === JSON.stringify(wanted),
  )
}

for (const { engine, skip, connect } of engines) {
  test(`${engine}: each key has so many, and new ones when the time is over`, { skip }, async () => {
    const limiter = createLimiter({ name: 'short', points: 3, seconds: 1 }, await connect())
    const taken = async (key: string) => (await Promise.all([1, 2, 3, 4, 5].map(() => limiter.take(key)))).filter(Boolean).length
    await goes(
      async key => {
        const first = [await taken(key), await taken(`other ${key}`), await limiter.take(key)]
        await pause(1_050)
        return [...first, await taken(key)]
      },
      [3, 3, false, 3],
    )
  })

  test(`${engine}: limits of different names do not share`, { skip }, async () => {
    const redis = await connect()
    const [one, two] = [
      createLimiter({ name: 'one', points: 1, seconds: 60 }, redis),
      createLimiter({ name: 'two', points: 1, seconds: 60 }, redis),
    ]
    await goes(async key => [await one.take(key), await one.take(key), await two.take(key)], [true, false, true])
  })
}

test('redis: processes count together, each by itself while it is away, together again when it is back', { skip: NO_REDIS }, async () => {
  const own = await startRedis()
  const limit = { name: 'codes', points: 4, seconds: 60 }
  const redis = [await connectRedis(own.url), await connectRedis(own.url)]
  const limiters = redis.map(one => createLimiter(limit, one))
  const taken = async (key: string) =>
    (await Promise.all([0, 1, 0, 1, 0, 1, 0, 1, 0, 1].map(i => limiters[i]?.take(key)))).filter(Boolean).length
  await goes(taken, 4)
  own.signal('SIGSTOP') // and as long as it does, nothing waits for it
  assert.equal(await taken('away'), 8)
  own.signal('SIGCONT')
  await Promise.all(redis.map(one => one.connected(PATIENCE_MS)))
  await goes(key => taken(`back ${key}`), 4)
  assert.match(await own.ask('KEYS', '*back*').then(String), /^bs:limit:codes:back key\d+/)
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
