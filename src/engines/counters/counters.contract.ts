// What both engines promise to those who read counts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import { ALICE, ARTICLES, AUTHOR, like, type OpenEngine, OTHERS, READER } from './engines.fixture.ts'
import { foldCounters } from './fold.ts'
import { COUNTER_KINDS } from './kinds.ts'

const [ARTICLE, SECOND] = ARTICLES as [ArticleId, ArticleId]

export function countersContract(name: string, skip: string | false, engine: Promise<OpenEngine> | undefined): void {
  test(`${name}: counts of several kinds and ids come in one answer`, { skip }, async () => {
    const { db, counters, settlesTo } = await (engine as Promise<OpenEngine>)
    await db
      .insertInto('attitude')
      .values(ARTICLES.flatMap((id, n) => OTHERS.slice(0, n + 1).map(one => like(one, id))))
      .execute()
    await db
      .insertInto('collection')
      .values({ reader_id: OTHERS[0] as ReaderId, article_id: SECOND })
      .execute()
    const read = () => counters.read(['article.likes', 'article.collections', 'reader.likes_received'], [...ARTICLES, AUTHOR])
    await settlesTo([30, 1], async () => {
      const of = await read()
      return [of(ARTICLES[29] as ArticleId, 'article.likes'), of(SECOND, 'article.collections')]
    })
    const of = await read()
    for (const [n, id] of ARTICLES.entries())
      assert.deepEqual([of(id, 'article.likes'), of(id, 'article.collections')], [n + 1, n === 1 ? 1 : 0])
    assert.equal(of(AUTHOR, 'reader.likes_received'), (30 * 31) / 2)
  })

  test(`${name}: an unknown id has 0, an unknown kind is an error, and a read of nothing answers`, { skip }, async () => {
    const { counters } = await (engine as Promise<OpenEngine>)
    const unknown = [2n ** 63n - 1n, -1n, 12n]
    const of = await counters.read(COUNTER_KINDS, unknown, ALICE)
    for (const kind of COUNTER_KINDS) for (const id of unknown) assert.equal(of(id, kind), 0)
    assert.equal((await counters.read(COUNTER_KINDS, []))(ARTICLE, 'article.likes'), 0)
    await assert.rejects(counters.read(['article.smiles' as never], [ARTICLE]), /no count of the kind article.smiles/)
    await assert.rejects(counters.explain('article.smiles' as never, ARTICLE), /no count of the kind/)
  })

  test(`${name}: a reader sees at once what they did, in every process, and counted once`, { skip }, async () => {
    const { db, counters, elsewhere, settle, likesOf, settlesTo } = await (engine as Promise<OpenEngine>)
    const before = await likesOf(ARTICLE, ALICE)
    await db.insertInto('attitude').values(like(READER, ARTICLE)).execute()
    await counters.noteOwnWrite(ALICE, ['article.likes'], [ARTICLE])
    for (const step of ['before', 'when', 'after']) {
      for (const process of [counters, elsewhere]) {
        const of: (id: bigint, kind: 'article.likes' | 'reader.likes_received') => number = await process.read(
          ['article.likes', 'reader.likes_received'],
          [ARTICLE, AUTHOR],
          ALICE,
        )
        assert.equal(of(ARTICLE, 'article.likes'), before + 1, `${step} the store has it`)
        assert.equal(of(AUTHOR, 'reader.likes_received'), (30 * 31) / 2 + 1, `of the author, ${step} the store has it`)
      }
      if (step === 'before') await Promise.all([settle(), (async () => assert.equal(await likesOf(ARTICLE, ALICE), before + 1))()])
    }
    await db.deleteFrom('attitude').where('reader_id', '=', READER).execute()
    await counters.noteOwnWrite(ALICE, ['article.likes'], [ARTICLE])
    assert.equal(await likesOf(ARTICLE, ALICE), before)
    await settlesTo(before, () => likesOf(ARTICLE))
    assert.equal(await likesOf(ARTICLE, ALICE), before)
  })

  test(`${name}: a reader who likes and unlikes sees each step, beside folding and a long transaction`, { skip }, async () => {
    const { db, pool, counters, elsewhere, settle, likesOf, settlesTo } = await (engine as Promise<OpenEngine>)
    const before = await likesOf(SECOND, ALICE)
    const holder = await pool.connect()
    await holder.query(`begin; insert into channel (id, name) values (77, 'held')`)
    try {
      for (let step = 0; step < 6; step++) {
        if (step % 2 === 0) await db.insertInto('attitude').values(like(READER, SECOND)).execute()
        else await db.deleteFrom('attitude').where('reader_id', '=', READER).execute()
        await counters.noteOwnWrite(ALICE, ['article.likes'], [SECOND])
        const wanted = before + ((step + 1) % 2)
        await Promise.all([settle(), foldCounters(db)])
        assert.equal((await elsewhere.read(['article.likes'], [SECOND], ALICE))(SECOND, 'article.likes'), wanted, `step ${step}`)
        assert.equal(await likesOf(SECOND, ALICE), wanted, `step ${step}`)
      }
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    await settlesTo(before, () => likesOf(SECOND))
    assert.equal(await likesOf(SECOND, ALICE), before)
  })

  test(`${name}: a count is read from the rows while a long transaction holds the log back`, { skip }, async () => {
    const { db, pool, likesOf, settlesTo } = await (engine as Promise<OpenEngine>)
    const before = await likesOf(SECOND)
    const holder = await pool.connect()
    await holder.query(`begin; insert into channel (id, name) values (78, 'held')`)
    try {
      await db
        .insertInto('attitude')
        .values(like(OTHERS[39] as ReaderId, SECOND))
        .execute()
      // Until the rollback the log does not go on.
      await settlesTo(before + 1, () => likesOf(SECOND, ANONYMOUS))
    } finally {
      await holder.query('rollback')
      holder.release()
    }
  })

  test(`${name}: a count is explained: what the rows say, what is stored, what is pending`, { skip }, async () => {
    const { db, counters, settle, likeRows } = await (engine as Promise<OpenEngine>)
    const seventh = ARTICLES[6] as ArticleId
    const rows = await likeRows(seventh)
    await settle()
    await db.insertInto('attitude').values(like(READER, seventh)).execute()
    const { truth, store, pending, engine: answeredBy } = await counters.explain('article.likes', seventh)
    assert.deepEqual([truth, store + pending, answeredBy], [rows + 1, rows + 1, name])
    assert.ok(pending >= 1)
    assert.deepEqual(await counters.explain('comment.replies', 404n), { truth: 0, store: 0, pending: 0, engine: name })
  })
}
