// Rebuilds that are cut off, and how long deltas are kept for a Redis that lost writes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { NO_REDIS } from '../../../../test/support/redis.ts'
import type { Redis } from '../../redis/redis.ts'
import { removeConsumer } from './consumer.sql.ts'
import { LEASE_KEY, shardOf } from './keys.ts'
import { rebuildShards } from './rebuild.ts'
import { ONE, openStore, SHARD_OF_ONE } from './store.fixture.ts'

const { db, pool, redis, ask, clock, applier, newApplier, add, likes, settle, assertExact, foldAll } = await openStore()
const skip = NO_REDIS

test('a process killed while it rebuilds shards leaves no key without an expiry', { skip }, async () => {
  await ask('FLUSHALL')
  const dying = newApplier()
  await dying.tick()
  await dying.close() // in the middle of rebuilding
  const left = (await redis.send(['KEYS', '*:new:*'])) as string[]
  for (const key of left) assert.ok(Number(await ask('PTTL', key)) > 0, `${key} expires`)
  await ask('DEL', LEASE_KEY)
  await settle()
  await assertExact()
})

test('shards that are flushed while they are rebuilt leave no key without an expiry', { skip }, async () => {
  let flushed = false
  const late: Redis = {
    ...redis,
    async pipeline(commands, ms) {
      // In the middle of a shard: a second part of its fields is written.
      if (!flushed && commands.some(([name, , ...fields]) => name === 'HSET' && !fields.includes('_e'))) {
        flushed = true
        await redis.pipeline(commands.slice(0, 4), ms)
        await ask('FLUSHALL')
        return redis.pipeline(commands.slice(4), ms) as never
      }
      return redis.pipeline(commands, ms) as never
    },
  }
  await ask('DEL', SHARD_OF_ONE)
  await assert.rejects(rebuildShards(pool, late, { kind: 'article.likes', shards: [shardOf(ONE)] }), /lost/)
  assert.ok(flushed)
  for (const key of (await redis.send(['KEYS', '*:new:*'])) as string[]) assert.ok(Number(await ask('PTTL', key)) > 0, `${key} expires`)
  await settle()
  await assertExact()
})

test('deltas are kept as long as a Redis that lost its last minute could need them, and no longer', { skip }, async () => {
  const deltasLeft = async () => (await sql<{ n: number }>`select count(*)::int as n from counter_delta`.execute(db)).rows[0]?.n
  const tickAfter = async (seconds: number) => {
    clock.now += seconds * 1_000
    await applier.tick()
  }
  await tickAfter(61)
  await add(1)
  await tickAfter(6)
  await foldAll()
  assert.ok(((await deltasLeft()) as number) > 0, 'folding waits')
  // The sweep moves all shards on within a minute and some ticks. A minute later the deltas may be folded.
  await tickAfter(52)
  for (let i = 0; i < 60; i++) await tickAfter(0.1)
  await foldAll()
  assert.ok(((await deltasLeft()) as number) > 0, 'a minute later it still waits')
  for (let i = 0; i < 60; i++) await tickAfter(0.1)
  for (let i = 0; i < 12; i++) await tickAfter(6)
  await foldAll()
  assert.equal(await deltasLeft(), 0)
  assert.equal(await likes(), 4)
  await assertExact()

  await add(1)
  await foldAll()
  assert.equal(await deltasLeft(), 1)
  await removeConsumer(db)
  await foldAll()
  assert.equal(await deltasLeft(), 0, 'without a consumer folding does not wait')
})
