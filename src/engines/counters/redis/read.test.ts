// Reads while Redis hangs, and reads of a viewer's own writes that could not be recorded.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { NO_REDIS } from '../../../../test/support/redis.ts'
import { eventually, PATIENCE_MS } from '../../../../test/support/waiting.ts'
import type { ReaderId } from '../../../base/id.ts'
import { silentLog } from '../../../base/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { FRESH_KEY, LEASE_KEY, ownWritesKey, shardOf } from './keys.ts'
import { redisCounters } from './read.ts'
import { ALICE, IDS, ONE, openStore, TWO } from './store.fixture.ts'
import { parseHash } from './values.ts'

const store = await openStore()
const { db, pool, server, redis, ask, counters, add, likes, likesIn, likesInNewProcess, settle, assertExact } = store
const skip = NO_REDIS

test('a Redis that hangs costs one bounded wait, then none, and no reader sees a wrong count', { skip }, async () => {
  await add(1)
  let tries = 0
  const counting: Redis = { ...redis, pipeline: (commands, ms) => ((tries += Number(redis.isReady())), redis.pipeline(commands, ms)) }
  const here = redisCounters({ db, redis: counting, log: silentLog })
  server.signal('SIGSTOP') // what is answered from here on came from the rows
  try {
    const startedAt = performance.now()
    for (let i = 0; i < 20; i++) assert.equal(await likesIn(here), 4)
    assert.ok(tries > 0 && tries <= 1 + (performance.now() - startedAt) / 1_000, `${tries} tries, with a second's rest after each timeout`)
    await here.noteOwnWrite(ALICE, ['article.likes'], [ONE])
  } finally {
    server.signal('SIGCONT')
  }
  await redis.connected(PATIENCE_MS)
  await sleep(1_000)
  await settle()
  await assertExact()
})

test('freshness that reaches a hanging Redis has expired when it goes on', { skip }, async () => {
  const late: Redis = {
    ...redis,
    async pipeline(commands, ms) {
      if (commands.some(command => command.includes(FRESH_KEY))) server.signal('SIGSTOP') // it executes this when it goes on
      return redis.pipeline(commands, ms) as never
    },
  }
  const hung = store.newApplier(late)
  try {
    await ask('DEL', LEASE_KEY)
    // The shards are not fresh while any transaction writes in any database of this server.
    await eventually(
      () => hung.tick().catch((err: Error) => err.name),
      how => how === 'RedisUnavailable',
    )
    await add(1)
  } finally {
    server.signal('SIGCONT')
    await hung.close()
  }
  await redis.connected(PATIENCE_MS)
  for (let i = 0; i < 50; i++, await sleep(10)) assert.equal(await likesInNewProcess(), 4)
  await ask('DEL', LEASE_KEY)
  await settle()
  await assertExact()
})

test('a reader whose write cannot be recorded is answered in a moment, and sees the write', { skip }, async () => {
  await add(1)
  const holder = await pool.connect()
  await holder.query('begin; lock table counter_delta in access exclusive mode')
  const noted = counters.noteOwnWrite(ALICE, ['article.likes'], [ONE]).then(() => 'answered')
  const outcome = await Promise.race([noted, sleep(PATIENCE_MS, 'it waits', { ref: false })])
  await holder.query('rollback')
  holder.release()
  assert.equal(outcome, 'answered')
  assert.equal(await likes(ONE, ALICE), 4)
})

test('of many readers whose writes cannot be recorded, the latest see their own', { skip }, async () => {
  const deaf: Redis = { ...redis, send: () => Promise.reject(new Error('away')) }
  const here = redisCounters({ db, redis: deaf, log: silentLog })
  const note = (id: number) => here.noteOwnWrite({ kind: 'reader', id: BigInt(id) as ReaderId }, ['article.likes'], [ONE])
  for (let id = 100; id < 5_100; id++) await note(id)
  await add(1)
  await here.noteOwnWrite(ALICE, ['article.likes'], [ONE])
  for (let id = 5_100; id < 10_200; id++) await note(id)
  assert.equal(await likesIn(here, ONE, ALICE), 4)
})

test('what a reader did in another incarnation of the database is not counted in this one', { skip }, async () => {
  await store.startEmpty()
  await ask('HSET', ownWritesKey(5n), '_e', 'elsewhere', `article.likes:${ONE}:99999999999`, '1')
  assert.equal(await likes(ONE, ALICE), 3)
  await ask('SET', FRESH_KEY, 'elsewhere 99999999999 another')
  const { rows } = await sql<{
    xid: string
  }>`insert into tally values ('article.likes', ${ONE}, 1) returning pg_current_xact_id() as xid`.execute(db)
  // If Redis answers late, the write is not recorded there.
  const noted = await eventually(
    async () => {
      await redisCounters({ db, redis, log: silentLog }).noteOwnWrite(ALICE, ['article.likes'], [ONE])
      return parseHash(await ask('HGETALL', ownWritesKey(5n)))
    },
    fields => fields.has(`article.likes:${ONE}:${rows[0]?.xid}`),
  )
  assert.equal(noted.get(`article.likes:${ONE}:${rows[0]?.xid}`), '1', 'freshness of another incarnation does not bound the search')
  assert.equal(noted.has(`article.likes:${ONE}:99999999999`), false)
  await ask('DEL', FRESH_KEY)
  await settle()
})

test('ids that differ in their last digit have counts of their own', { skip }, async () => {
  await add(2, [2n ** 61n + 1n])
  await add(7, [2n ** 61n + 2n])
  await settle()
  const of = await counters.read(['article.likes'], [2n ** 61n, 2n ** 61n + 1n, 2n ** 61n + 2n])
  assert.deepEqual(
    [0n, 1n, 2n].map(n => of(2n ** 61n + n, 'article.likes')),
    [0, 2, 7],
  )
  assert.equal(await likes(TWO), 3)
})

test('the database and the code put every id into the same shard', { skip: false }, async () => {
  const ids = [0n, 1n, -1n, 255n, 1_000_003n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), ...IDS]
  const { rows } = await sql<{
    key: bigint
    shard: number
  }>`select key, counter_shard(key) as shard from unnest(${ids}::bigint[]) key`.execute(db)
  for (const { key, shard } of rows) assert.equal(shardOf(key), shard, `${key}`)
  assert.ok(new Set(IDS.map(shardOf)).size > 20, 'ids of a quiet day are spread over the shards')
})
