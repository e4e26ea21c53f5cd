// Redis lost everything, one shard, or more than the log still has; or the database is another one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NO_REDIS } from '../../../../test/support/redis.ts'
import { CHECKPOINT_KEY, LEASE_KEY } from './keys.ts'
import { openStore, SHARD_OF_ONE } from './store.fixture.ts'

const store = await openStore()
const { pool, ask, rebuilds, add, likes, likesInNewProcess, settle, assertExact, assertRebuilt, loseMoreThanTheLog } = store
const skip = NO_REDIS

test('after FLUSHALL counts are read from the rows, until all shards are rebuilt', { skip }, async () => {
  await ask('FLUSHALL')
  await add(1)
  assert.equal(await likes(), 4, 'from the rows')
  await settle()
  assertRebuilt('missing', 13 * 256)
  assert.equal(await likes(), 4)
  await assertExact()
})

test('one missing shard is found by a read, and rebuilt alone', { skip }, async () => {
  await ask('DEL', SHARD_OF_ONE)
  assert.equal(await likes(), 3)
  await settle()
  assertRebuilt('missing', 1)
  assert.ok((rebuilds.get('missing') ?? 0) < 100, 'and no other')
  await assertExact()
})

test('a Redis that lost more than the log still has is rebuilt', { skip }, async () => {
  await loseMoreThanTheLog()
  await settle()
  assert.ok((rebuilds.get('older than the log') ?? 0) > 0, JSON.stringify([...rebuilds]))
  assert.equal(await likes(), 8)
  await assertExact()
})

test('shards that are older than the log are not read while they are rebuilt', { skip }, async () => {
  await loseMoreThanTheLog()
  await store.withoutRebuilding(async applier => {
    await store.tickUntilFresh(applier)
    assert.equal(await likesInNewProcess(), 8)
  })
  await settle()
  await assertExact()
})

test('in another incarnation of the database, as after a restore, all shards are rebuilt', { skip }, async () => {
  await pool.query('update counter_epoch set id = gen_random_uuid()')
  await add(1)
  await settle()
  assertRebuilt('another epoch', 13 * 256)
  assert.ok([3, 4].includes(await likes()))
  await assertExact()
})

test('a log that ends before the checkpoint is a restored database, and begins another incarnation', {
  skip,
}, async () => {
  const [of, watermark] = String(await ask('GET', CHECKPOINT_KEY)).split(' ')
  await ask('SET', CHECKPOINT_KEY, `${of} ${BigInt(watermark ?? 0) + 1_000_000n}`)
  await ask('DEL', LEASE_KEY) // so that the applier locates the shards
  await add(1)
  await settle()
  assertRebuilt('another epoch', 13 * 256)
  assert.notEqual(String(await ask('GET', CHECKPOINT_KEY)).split(' ')[0], of)
  assert.equal(await likes(), 4)
  await assertExact()
})
