import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import { createBus } from './bus.ts'

test('alone there is nobody to wake', async () => {
  const bus = createBus()
  bus.on('news', () => assert.fail('there are no others'))
  bus.publish('news')
  await pause(10)
})

test('others are woken, whoever tells is not, and everybody is when something may have been missed', { skip: NO_REDIS }, async () => {
  const server = await startRedis()
  const woken = [0, 0, 0]
  const redis = await Promise.all(woken.map(() => connectRedis(server.url)))
  const buses = redis.map(one => createBus(one))
  buses.forEach((bus, i) => bus.on('news', () => void (woken[i] = (woken[i] ?? 0) + 1)))
  const is = (wanted: number[]) =>
    eventually(
      async () => [...woken],
      now => `${now}` === `${wanted}`,
    )
  assert.deepEqual(await is([1, 1, 1]), [1, 1, 1], 'what was told before is not known')
  buses[0]?.publish('news')
  buses[0]?.publish('other')
  assert.deepEqual(await is([1, 2, 2]), [1, 2, 2])
  await server.kill()
  buses[1]?.publish('news') // nobody hears it, and nothing fails
  await server.start()
  assert.deepEqual(await is([2, 3, 3]), [2, 3, 3])
  await redis[1]?.connected(PATIENCE_MS)
  buses[1]?.publish('news')
  assert.deepEqual(await is([3, 3, 4]), [3, 3, 4])
})
