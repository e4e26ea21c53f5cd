import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import { createBus } from './bus.ts'

test('a process without Redis publishes, and nothing happens', async () => {
  const bus = createBus()
  bus.on('news', () => assert.fail('there are no other processes'))
  bus.publish('news')
  await pause(10)
})

test('a process publishes: the others are notified; after a restart of Redis, all are', { skip: NO_REDIS }, async () => {
  const server = await startRedis()
  const received = [0, 0, 0]
  const redis = await Promise.all(received.map(() => connectRedis(server.url)))
  const buses = redis.map(one => createBus(one))
  buses.forEach((bus, i) => bus.on('news', () => void (received[i] = (received[i] ?? 0) + 1)))
  const receivedWill = (wanted: number[]) =>
    eventually(
      async () => [...received],
      now => `${now}` === `${wanted}`,
    )
  assert.deepEqual(await receivedWill([1, 1, 1]), [1, 1, 1], 'after the first connect, because something may have been missed')
  buses[0]?.publish('news')
  buses[0]?.publish('other')
  assert.deepEqual(await receivedWill([1, 2, 2]), [1, 2, 2])
  await server.kill()
  buses[1]?.publish('news') // it is lost, and nothing fails
  await server.start()
  assert.deepEqual(await receivedWill([2, 3, 3]), [2, 3, 3])
  await redis[1]?.connected(PATIENCE_MS)
  buses[1]?.publish('news')
  assert.deepEqual(await receivedWill([3, 3, 4]), [3, 3, 4])
})
