// Folding under concurrency, rollbacks and killed connections.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { eventually } from '../../../test/support/waiting.ts'
import type { Tables } from '../database/tables.gen.ts'
import { createFolding, foldCounters } from './fold.ts'
import { like, openLikes, other, readerIds } from './likes.fixture.ts'

const { counters, db, foldAll, likes, pool } = await openLikes()

/** Inserts `n` deltas of 1 for each of ten ids, whatever the rows say. */
const addDeltas = (n: number, on: Kysely<Tables> = db) =>
  sql`insert into counter_delta (kind, key, d) 
    select 'article.likes', key, 1 from generate_series(1, 10) key, generate_series(1, ${n}::int)`.execute(on)
const foldedRows = async () =>
  (await sql<{ key: bigint; value: bigint }>`select key, value from counter where key <= 10 order by key`.execute(db)).rows
const tenTimes = (value: bigint) => Array.from({ length: 10 }, (_, i) => ({ key: BigInt(i + 1), value }))

test('folding changes no count and leaves no deltas', async () => {
  await db
    .insertInto('attitude')
    .values(readerIds.slice(0, 5).map(id => like(id)))
    .execute()
  await db.deleteFrom('attitude').where('reader_id', '=', other).execute()
  assert.equal(await likes(), 4)
  assert.equal(await foldCounters(db, 1), 1)
  assert.equal(await likes(), 4)
  await foldAll()
  assert.equal(await likes(), 4)
  assert.deepEqual(await db.selectFrom('counter_delta').selectAll().execute(), [])
  assert.equal(await foldCounters(db), 0)
})

test('several folds at once, beside writers, lose no delta and count none twice', async () => {
  let writing = true
  const folder = async () => {
    let folded = 0
    for (;;) {
      const isLast = !writing
      const now = await foldCounters(db, 37)
      folded += now
      if (now === 0 && isLast) return folded
    }
  }
  const folders = Array.from({ length: 6 }, folder)
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 30; i++) await addDeltas(2)
    }),
  )
  writing = false
  const folded = (await Promise.all(folders)).reduce((sum, one) => sum + one, 0) + (await foldCounters(db))
  assert.deepEqual(await foldedRows(), tenTimes(4n * 30n * 2n))
  // And one delta for the two articles.
  assert.equal(folded, 10 * 4 * 30 * 2 + 1)
})

test('deltas stay between two calls, whatever transaction is open, and who may have missed one hears of it', async () => {
  const fold = createFolding(db)
  const changed = counters.followChanges(['article.likes'])
  const deltas = async () => (await db.selectFrom('counter_delta').select('key').where('kind', '=', 'article.likes').execute()).length
  await db.transaction().execute(async tx => {
    await addDeltas(1, tx)
    await changed?.()
    await addDeltas(2)
    await fold()
    assert.equal(await deltas(), 20)
    await fold()
    assert.equal(await deltas(), 0)
    assert.deepEqual(await foldedRows(), tenTimes(2n))
    assert.equal(await changed?.(), undefined)
  })
  // The open transaction ended after both calls. Its id is older.
  await fold()
  assert.deepEqual(await foldedRows(), tenTimes(3n))
  assert.equal(await changed?.(), undefined)
})

test('a fold that is rolled back loses nothing', async () => {
  await addDeltas(3)
  await foldCounters(db, 12)
  const halfway = db.transaction().execute(async tx => {
    assert.equal(await foldCounters(tx, 9), 9)
    throw new Error('killed')
  })
  await assert.rejects(halfway, /killed/)
  await foldAll()
  assert.deepEqual(await foldedRows(), tenTimes(3n))
})

test('a fold whose connection is killed in the middle loses nothing', async () => {
  await addDeltas(1)
  await foldAll()
  await addDeltas(2)
  const holder = await pool.connect()
  await holder.query('begin; select * from counter where key = 5 for update')
  // The fold has deleted its deltas and waits for the row of the fifth id.
  const fold = assert.rejects(foldCounters(db))
  const kill = `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  await eventually(
    async () => (await pool.query(kill)).rowCount,
    killed => killed === 1,
  )
  await fold
  await holder.query('rollback')
  holder.release()
  // A client hears of its session's end before PostgreSQL has released the session's locks, and a fold skips locked deltas.
  await eventually(
    async () => {
      await foldAll()
      return (await db.selectFrom('counter_delta').select('seq').execute()).length
    },
    left => left === 0,
  )
  assert.deepEqual(await foldedRows(), tenTimes(3n))
})
