// Drift in Redis: it is measured, and corrected once, whatever happens between finding and correcting it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { NO_REDIS } from '../../../../test/support/redis.ts'
import { silentLog } from '../../../base/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { createReconciler, type ReconcileReport } from '../reconcile.ts'
import { ONE, openStore, SHARD_OF_ONE } from './store.fixture.ts'

const { db, pool, redis, ask, add, likes, settle, assertExact, startEmpty, restartRedis } = await openStore()
const skip = NO_REDIS
const reconcile = (over: Redis = redis) => createReconciler({ pool, redis: over, log: silentLog }).reconcile(['article.likes'])

test('drift in Redis found by several reconcilers is corrected once', { skip }, async () => {
  await ask('HINCRBY', SHARD_OF_ONE, String(ONE), '9')
  await ask('HINCRBY', SHARD_OF_ONE, '123', '-4')
  const reports = (await Promise.all([1, 2, 3].map(() => reconcile()))).flat() as ReconcileReport[]
  assert.deepEqual(
    reports.map(report => report.store_drift).toSorted((a, b) => a - b),
    [0, 0, 13],
  )
  assert.equal(reports.find(report => report.store_drift > 0)?.repaired, 1)
})

const MEANWHILE: Record<string, () => Promise<unknown>> = {
  'was rebuilt': () => ask('DEL', SHARD_OF_ONE),
  'Redis restored as it was before the drift': () => restartRedis(),
}
for (const [what, happen] of Object.entries(MEANWHILE))
  test(`drift found in a shard is not corrected in one that ${what}`, { skip }, async () => {
    await ask('SAVE')
    await ask('HINCRBY', SHARD_OF_ONE, String(ONE), '9')
    let read = false
    const late: Redis = {
      ...redis,
      async pipeline(commands, ms) {
        const answers = await redis.pipeline(commands, ms)
        if (!read && commands.some(([name, key]) => name === 'HGETALL' && key === SHARD_OF_ONE)) {
          read = true
          await happen()
          await add(1)
          await settle()
        }
        return answers as never
      },
    }
    await reconcile(late)
    assert.ok(read)
    assert.equal(await likes(), 4)
    await assertExact()
  })

test('drift found by a reconciler whose session was terminated is corrected once, by the next one', { skip }, async () => {
  await startEmpty()
  await pool.query(`insert into counter_delta (kind, key, d) values ('article.likes', $1, 5)`, [ONE])
  let isTerminated = false
  const late: Redis = {
    ...redis,
    async pipeline(commands, ms) {
      if (!isTerminated && commands.some(([name]) => name === 'HGETALL')) {
        isTerminated = true
        // As after a minute in which its process was stopped: the session is gone, and another process has the lock.
        await pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
          and database = (select oid from pg_database where datname = current_database())`)
        await reconcile()
      }
      return redis.pipeline(commands, ms) as never
    },
  }
  await reconcile(late)
  assert.ok(isTerminated)
  const { rows } = await sql<{
    likes: number
  }>`select sum(d)::int as likes from counter_delta where kind = 'article.likes' and key = ${ONE}`.execute(db)
  assert.equal(rows[0]?.likes, 3)
  await settle()
  await assertExact()
})
