// What reconciling promises, on both engines.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { ARTICLES, like, type OpenEngine, OTHERS } from './engines.fixture.ts'
import { foldCounters } from './fold.ts'
import type { ReconcileReport } from './reconcile.ts'

export function reconcileContract(name: string, skip: string | false, engine: Promise<OpenEngine> | undefined): void {
  test(`${name}: reconciling beside writers and folding finds no drift, and in the end all counts are exact`, { skip }, async () => {
    const { db, reconciler, settle, likesOf, settlesTo, likeRows } = await (engine as Promise<OpenEngine>)
    const third = ARTICLES[2] as ArticleId
    let over = false
    const repeat = async (step: () => Promise<unknown>) => {
      while (!over) await step()
    }
    const reports: ReconcileReport[] = []
    const work = [
      repeat(settle),
      repeat(() => foldCounters(db, 7)),
      repeat(async () => reports.push(...((await reconciler.reconcile(['article.likes', 'reader.likes_received'])) as ReconcileReport[]))),
      repeat(async () => {
        const now = await likesOf(third)
        assert.ok(now >= 3, `${now} likes`)
      }),
    ]
    // As long as it takes: on a busy machine few comparisons finish.
    for (let round = 0; round < 40 || (reports.length <= 2 && round < 3_000); round++) {
      const one = OTHERS[3 + (round % 36)] as ReaderId
      await db
        .insertInto('attitude')
        .values(like(one, third))
        .onConflict(c => c.doNothing())
        .execute()
      if (round % 3 === 0) await db.deleteFrom('attitude').where('reader_id', '=', one).where('article_id', '=', third).execute()
    }
    over = true
    await Promise.all(work)
    assert.deepEqual(
      reports.filter(report => report.drift !== 0 || report.repaired !== 0),
      [],
      'no drift at any moment',
    )
    assert.ok(reports.length > 2, `${reports.length} comparisons`)
    const rows = await likeRows(third)
    await settlesTo(rows, () => likesOf(third))
  })

  test(`${name}: wrong counts are measured, corrected by deltas and reported`, { skip }, async () => {
    const { db, pool, reconciler, settle, counters, likesOf, settlesTo, likeRows } = await (engine as Promise<OpenEngine>)
    const fifth = ARTICLES[4] as ArticleId
    const expected = await likeRows(fifth)
    while ((await foldCounters(db)) > 0);
    await pool.query(`update counter set value = value + 40 where kind = 'article.likes' and key = ${fifth}`)
    await pool.query(`insert into counter_delta (kind, key, d) values ('article.likes', ${2n ** 62n}, -2)`)
    await settle()
    const [compared] = (await reconciler.reconcile(['article.likes'], { correctDrift: false })) as [ReconcileReport]
    assert.ok(compared.rows_drift >= 2)
    const [report] = (await reconciler.reconcile(['article.likes'])) as [ReconcileReport]
    assert.equal(report.rows_drift, compared.rows_drift, 'comparing has changed nothing')
    await settlesTo([expected, 0], async () => [await likesOf(fifth), await likesOf(2n ** 62n)])
    const of = await counters.read(['article.likes'], [fifth, 2n ** 62n])
    assert.deepEqual([of(fifth, 'article.likes'), of(2n ** 62n, 'article.likes')], [expected, 0])
    const [again] = (await reconciler.reconcile(['article.likes'])) as [ReconcileReport]
    assert.deepEqual([again.rows_drift, again.store_drift], [0, 0])
    const row = await db.selectFrom('reconcile_report').selectAll().where('kind', '=', 'article.likes').executeTakeFirstOrThrow()
    assert.deepEqual([row.rows_drift, row.store_drift, Number(row.checked)], [0n, 0n, again.checked])
  })

  test(`${name}: two reconciles at once correct once`, { skip }, async () => {
    const { pool, reconciler, settle, likesOf, settlesTo } = await (engine as Promise<OpenEngine>)
    const sixth = ARTICLES[5] as ArticleId
    await pool.query(`insert into counter_delta (kind, key, d) values ('article.likes', ${sixth}, 11)`)
    await settle()
    const reports = (
      await Promise.all([reconciler.reconcile(['article.likes']), reconciler.reconcile(['article.likes'])])
    ).flat() as ReconcileReport[]
    assert.deepEqual(reports.map(report => report.rows_drift).toSorted(), [0, 11])
    await settlesTo(6, () => likesOf(sixth))
  })

  test(`${name}: a kind without rows is compared too, and a kind that fails does not stop the others`, { skip }, async () => {
    const { pool, reconciler } = await (engine as Promise<OpenEngine>)
    await pool.query(`insert into counter_delta (kind, key, d) values ('reader.followers', 5, 3)`)
    // As a declaration that divides by zero would: only its kind is affected.
    await pool.query(`update counted set contributions = replace(contributions, '''article.collections'' kind, article_id key, 1 d',
      '''article.collections'' kind, article_id key, 1 / (article_id - article_id)::int d') where table_name = 'collection'`)
    try {
      const reports = await reconciler.reconcile(['comment.replies', 'article.collections', 'reader.followers'])
      assert.deepEqual(
        reports.map(report => ('error' in report ? report.error : report.drift)),
        [0, 'division by zero', 3],
      )
    } finally {
      await pool.query(`update counted set contributions = replace(contributions, '1 / (article_id - article_id)::int d', '1 d')`)
    }
  })
}
