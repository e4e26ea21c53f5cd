// The table engine: exact counts beside writers, and the rules of counted tables.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import { foldCounters } from './fold.ts'
import { COUNTER_KINDS } from './kinds.ts'
import { article, author, like, openLikes, other, READERS, readerIds, sibling } from './likes.fixture.ts'

const { counters, db, foldAll, likes, pool } = await openLikes()

test('reads beside likes and folds never step back, never show half a transaction, and show all that was acknowledged', async () => {
  const undecided = readerIds.slice(0, 10)
  await db
    .insertInto('attitude')
    .values(undecided.map(id => like(id, sibling)))
    .execute()
  let over = false
  let acknowledged = 0
  let reads = 0
  async function readOn(): Promise<void> {
    for (let before = 0; !over; reads++) {
      const least = acknowledged
      const of = await counters.read(['article.likes', 'article.dislikes', 'article.collections'], [article, sibling])
      const now = of(article, 'article.likes')
      assert.ok(now >= before, `${now} after ${before}`)
      assert.ok(now >= least, `${now}, but ${least} were acknowledged`)
      assert.equal(of(article, 'article.collections'), now, 'liked and collected in one transaction')
      assert.equal(of(sibling, 'article.likes') + of(sibling, 'article.dislikes'), undecided.length, 'an attitude is one or the other')
      before = now
    }
  }
  async function foldOn(): Promise<void> {
    while (!over) await foldCounters(db, 5)
  }
  async function flipOn(): Promise<void> {
    while (!over) await sql`update attitude set value = 1 - value where article_id = ${sibling}`.execute(db)
  }
  async function likeAndCollect(readers: ReaderId[]): Promise<void> {
    for (const reader_id of readers) {
      await db.transaction().execute(async tx => {
        await tx.insertInto('attitude').values(like(reader_id)).execute()
        await tx.insertInto('collection').values({ reader_id, article_id: article }).execute()
      })
      acknowledged++
    }
  }
  const third = READERS / 3
  const writing = Promise.all([0, 1, 2].map(n => likeAndCollect(readerIds.slice(n * third, (n + 1) * third))))
  const parts = [writing, readOn(), readOn(), readOn(), foldOn(), foldOn(), flipOn()]
  const end = () => {
    over = true
  }
  writing.then(end, end)
  const ends = await Promise.allSettled(parts.map(part => part.catch(err => Promise.reject(err).finally(end))))
  for (const one of ends) if (one.status === 'rejected') throw one.reason
  assert.equal(await likes(), READERS)
  assert.ok(reads > 20, `${reads} reads`)
})

test('an id without a count has 0, and a read of nothing answers', async () => {
  const of = await counters.read(COUNTER_KINDS, [2n ** 63n - 1n, -1n])
  for (const kind of COUNTER_KINDS) for (const id of [2n ** 63n - 1n, -1n, 12n]) assert.equal(of(id, kind), 0)
  assert.equal((await counters.read(COUNTER_KINDS, []))(article, 'article.likes'), 0)
  assert.equal((await counters.read([], [article]))(article, 'article.likes' as never), 0)
})

test('ids that differ in their last digit have counts of their own', async () => {
  assert.equal(Number(article), Number(sibling), 'as JavaScript numbers they are the same')
  await db
    .insertInto('attitude')
    .values([like(author), like(other), like(other, sibling)])
    .execute()
  for (const step of ['noted', 'folded']) {
    assert.deepEqual([await likes(article), await likes(sibling), await likes(article - 1n)], [2, 1, 0], step)
    await foldAll()
  }
})

test('counts beyond 2^31 are exact', async () => {
  await sql`insert into counter values ('article.likes', 1, 5000000000)`.execute(db)
  await sql`insert into counter_delta (kind, key, d) values ('article.likes', 1, 4000000001), ('article.likes', 1, -1)`.execute(db)
  assert.equal(await likes(1n), 9_000_000_000)
  await foldAll()
  assert.equal(await likes(1n), 9_000_000_000)
})

test('every counted table refuses TRUNCATE, also with CASCADE from another table', async () => {
  const counted = await db.selectFrom('counted').select('table_name').orderBy('table_name').execute()
  const names = counted.map(row => row.table_name)
  assert.deepEqual(names, ['article', 'attitude', 'behaviour', 'behaviour_day', 'collection', 'comment', 'comment_liking', 'following'])
  await db.insertInto('attitude').values(like(other)).execute()
  for (const name of names) await assert.rejects(pool.query(`truncate ${name} cascade`), /use DELETE instead of TRUNCATE/)
  await assert.rejects(pool.query('truncate channel cascade'), /use DELETE instead of TRUNCATE/)
  assert.equal(await likes(), 1)
})

test('an article keeps its author and its id', async () => {
  await db.insertInto('attitude').values(like(other)).execute()
  const changes = [
    `update article set author_id = ${other} where id = ${article}`,
    `update article set author_id = ${other}, title = 'mine'`,
    `update article set id = id + 100 where id = ${sibling}`,
    `insert into article (id, author_id, channel_id, title, status, published_at) values (${article}, ${other}, 1, 'mine', 2, now())
     on conflict (id) do update set author_id = excluded.author_id`,
    `merge into article using (select) s on id = ${article} when matched then update set author_id = ${other}`,
    `with old as (delete from article where id = ${article} returning *)
     insert into article (id, author_id, channel_id, title, status, published_at) select id, ${other}, 1, title, 2, now() from old`,
  ]
  for (const change of changes) await assert.rejects(pool.query(change), /an article keeps its/, change)
  await pool.query(`update article set author_id = author_id, id = id, title = 'the same'`)
  assert.equal((await counters.read(['reader.likes_received'], [author]))(author, 'reader.likes_received'), 1)
})

test('an article is deleted after its rows, not in one statement with them', async () => {
  const received = async () => {
    const of = await counters.read(['reader.likes_received', 'reader.reads_received'], [author])
    return [of(author, 'reader.likes_received'), of(author, 'reader.reads_received')]
  }
  await db.insertInto('attitude').values(like(other)).execute()
  await sql`insert into behaviour (id, action, article_id) values (gen_random_uuid(), 'click', ${sibling})`.execute(db)
  for (const [table, id] of [
    ['attitude', article],
    ['behaviour', sibling],
  ] as const) {
    const together = `with rows as (delete from ${table} where article_id = ${id}) delete from article where id = ${id}`
    await assert.rejects(pool.query(together), { code: '23502' })
    await assert.rejects(pool.query(`delete from article where id = ${id}`), { code: '23503' })
  }
  assert.deepEqual(await received(), [1, 1])
  await pool.query(`begin; delete from attitude; delete from behaviour; delete from article; commit`)
  assert.deepEqual(await received(), [0, 0])
})
