import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually, PATIENCE_MS, pause } from '../../../test/support/waiting.ts'
import { createBus } from './bus.ts'

test('a process without Redis publishes, and nothing happens', async () => {
  const bus = createBus()
  bus.on('change', () => assert.fail('there are no other processes'))
  bus.publish('change', { xid: '7' })
  await pause(10)
})

test('a process publishes: the others are notified; after a restart of Redis, all are', { skip: NO_REDIS }, async () => {
  const server = await startRedis()
  const received = [0, 0, 0]
  const redis = await Promise.all(received.map(() => connectRedis(server.url)))
  const buses = redis.map(one => createBus<{ news: { id: number }; other: null }>(one))
  const ids = new Set<number | undefined>()
  buses.forEach((bus, i) =>
    bus.on('news', payload => {
      received[i] = (received[i] ?? 0) + 1
      ids.add(payload?.id)
    }),
  )
  const receivedWill = (wanted: number[]) =>
    eventually(
      async () => [...received],
      now => `${now}` === `${wanted}`,
    )
  assert.deepEqual(await receivedWill([1, 1, 1]), [1, 1, 1], 'after the first connect, because something may have been missed')
  buses[0]?.publish('news', { id: 7 })
  buses[0]?.publish('other', null)
  assert.deepEqual(await receivedWill([1, 2, 2]), [1, 2, 2])
  await server.kill()
  buses[1]?.publish('news', { id: 7 }) // it is lost, and nothing fails
  await server.start()
  assert.deepEqual(await receivedWill([2, 3, 3]), [2, 3, 3])
  await redis[1]?.connected(PATIENCE_MS)
  buses[1]?.publish('news', { id: 7 })
  assert.deepEqual(await receivedWill([3, 3, 4]), [3, 3, 4])
  assert.deepEqual([...ids], [undefined, 7], 'each message has its payload; what may have been missed has none')
})
