// Shards that are behind catch up from the log, whatever the size of the batches it is read in.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SIZE } from '../../../../test/support/chaos-size.ts'
import { NO_REDIS } from '../../../../test/support/redis.ts'
import { eventually, PATIENCE_MS, within } from '../../../../test/support/waiting.ts'
import { silentLog } from '../../../base/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { createReconciler, type ReconcileReport } from '../reconcile.ts'
import { removeConsumer } from './consumer.sql.ts'
import { FRESH_KEY, LEASE_KEY, shardOf } from './keys.ts'
import { rebuildShards } from './rebuild.ts'
import { SWAP } from './scripts.ts'
import { IDS, ONE, openStore, SHARD_OF_ONE, TWO } from './store.fixture.ts'
import { parseHash } from './values.ts'

export async function catchUpContract(deltasMax?: number): Promise<void> {
  const store = await openStore(deltasMax)
  const { db, pool, server, redis, ask, clock, applier, newApplier, counters, add, likes, settle, assertExact } = store
  const skip = NO_REDIS
  // Whatever is no matter of batches is tested once in `npm test`.
  const skipSmall = skip || (deltasMax !== undefined && SIZE === 'smoke' && 'with small batches in `npm run chaos`')

  test('a Redis that lost its last seconds catches up from the log, without a rebuild', { skip: skipSmall }, async () => {
    await ask('SAVE')
    await add(5, IDS)
    await settle()
    assert.equal(await likes(), 8)
    await server.kill()
    assert.equal(await likes(), 8, 'from the rows while Redis is down')
    await server.start()
    await redis.connected(PATIENCE_MS)
    for (let tries = 0; tries < 20; tries++) assert.equal(await likes(), 8, 'no reader sees it go back')
    await settle()
    assert.deepEqual([...store.rebuilds], [])
    await assertExact()
  })

  test('several appliers, cut off anywhere, apply nothing twice and leave nothing out', { skip: skipSmall }, async () => {
    let cut = 0
    // If a connection breaks, a command may have been executed or not.
    const unsure = (over: Redis): Redis => ({
      ...over,
      async runAll(script, calls, ms) {
        const chance = Math.random()
        if (chance < 0.2 && ++cut) throw new Error('cut before')
        const outcomes = await over.runAll(script, calls, ms)
        if (chance > 0.8 && ++cut) throw new Error('cut after')
        return outcomes as never
      },
    })
    const appliers = [1, 2, 3].map(() => newApplier(unsure(redis)))
    let over = false
    const work = appliers.map(async each => {
      while (!over) {
        await each.tick().catch(() => {})
        if (Math.random() < 0.3) await redis.send(['DEL', LEASE_KEY]) // no lease is respected
      }
    })
    const comparing = (async () => {
      const found: number[] = []
      while (!over)
        for (const report of await createReconciler({ pool, redis, log: silentLog }).reconcile(['article.likes']))
          found.push((report as ReconcileReport).store_drift)
      return found
    })()
    // In small batches each takes ten times the work.
    const adds = { smoke: 50, full: deltasMax ? 50 : 150 }[SIZE]
    // As long as it takes: a busy machine gets fewer ticks done.
    for (let i = 0; i < adds || (cut <= 5 && i < 3_000); i++) await add(1 + (i % 3), IDS.slice(i % 20, 20 + (i % 20)))
    over = true
    await Promise.all(work)
    await Promise.all(appliers.map(each => each.close()))
    assert.deepEqual([...new Set(await comparing)], [0])
    assert.ok(cut > 5, `${cut} cut off`)
    await settle()
    await assertExact()
  })

  test('a shard far behind is caught up in batches, and the others get nothing they contain', { skip }, async () => {
    const before = parseHash(await ask('HGETALL', SHARD_OF_ONE))
    await add(1)
    await sleep(5)
    for (let i = 0; i < 30; i++) await add(1, IDS)
    await settle()
    // As if this shard alone had lost its last seconds.
    await ask('DEL', SHARD_OF_ONE)
    await ask('HSET', SHARD_OF_ONE, ...[...before].flat())
    for (let i = 0; i < 30; i++) await add(1, IDS)
    for (let i = 0; i < 5; i++) await applier.tick()
    await settle()
    assert.equal(await likes(), 64)
    assert.equal(await likes(TWO), 63)
    await assertExact()
  })

  test('a rebuilt shard is read only after it has caught up with the others', { skip: skipSmall }, async () => {
    const holder = await pool.connect()
    await holder.query(`begin; insert into channel (id, name) values (1, 'held')`)
    try {
      await add(1)
      await ask('PERSIST', FRESH_KEY)
      await ask('DEL', SHARD_OF_ONE)
      await rebuildShards(pool, redis, { kind: 'article.likes', shards: [shardOf(ONE)] })
      assert.equal(await ask('HGET', SHARD_OF_ONE, String(ONE)), '3')
      assert.equal(await likes(), 4)
      assert.equal((await counters.explain('article.likes', ONE)).engine, 'table')
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    await ask('DEL', FRESH_KEY)
    await settle()
    assert.deepEqual(await ask('HGET', SHARD_OF_ONE, '_n'), null)
    await assertExact()
  })

  test('a shard whose rebuild took longer than the log was kept is rebuilt once more', { skip: skipSmall }, async () => {
    const swapping = Promise.withResolvers<void>()
    const mayGoOn = Promise.withResolvers<void>()
    const slow: Redis = {
      ...redis,
      async runAll(script, calls, ms) {
        if (script === SWAP) {
          swapping.resolve()
          await mayGoOn.promise
        }
        return redis.runAll(script, calls, ms) as never
      },
    }
    const late = newApplier(slow)
    try {
      await ask('DEL', SHARD_OF_ONE)
      await ask('DEL', LEASE_KEY)
      await late.tick()
      await within(swapping.promise, 'an applier puts a shard in its place')
      await add(1)
      const committed = BigInt(await store.currentXid())
      await eventually(
        async () => {
          clock.now = Date.now()
          await late.tick()
          return store.freshWatermark()
        },
        xid => xid > committed,
      )
      await removeConsumer(db)
      await store.foldAll()
      mayGoOn.resolve()
      await settle(late)
    } finally {
      mayGoOn.resolve()
      await late.close()
    }
    assert.equal(await likes(), 4)
    await assertExact()
  })
}
