// What every engine of the counts promises, on each of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { cleanup } from '../../../test/support/cleanup.ts'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import { ANONYMOUS, type Viewer } from '../../base/viewer.ts'
import type { Counters } from './counters.ts'
import { foldCounters } from './fold.ts'
import { COUNTER_KINDS } from './kinds.ts'
import { createReconciler, type ReconcileReport, type Reconciler } from './reconcile.ts'
import { createApplier } from './redis/applier.ts'
import { redisCounters } from './redis/read.ts'
import { tableCounters } from './table.ts'

interface Engine extends TestDatabase {
  counters: Counters
  /** The same, as another process has them. */
  elsewhere: Counters
  fix: Reconciler
  /** Lets the store take in what is over. */
  settle(): Promise<void>
}

const ENGINES: Record<string, { skip: string | false; open(): Promise<Engine> }> = {
  table: {
    skip: false,
    async open() {
      const database = await testDatabase()
      const { db, pool } = database
      const fix = createReconciler({ pool, log: silentLog })
      return { ...database, counters: tableCounters(db), elsewhere: tableCounters(db), fix, settle: () => sleep(1) }
    },
  },
  redis: {
    skip: NO_REDIS,
    async open() {
      const database = await testDatabase()
      const { db, pool } = database
      const server = await startRedis()
      const [redis, other] = [await connectRedis(server.url), await connectRedis(server.url)]
      const applier = createApplier({ db, pool, redis, log: silentLog, settleMs: 0 })
      cleanup(() => applier.close())
      do await applier.tick()
      while (applier.missingShards() > 0 && (await sleep(10, true)))
      return {
        ...database,
        counters: redisCounters({ db, redis, log: silentLog }),
        elsewhere: redisCounters({ db, redis: other, log: silentLog }),
        fix: createReconciler({ pool, redis, log: silentLog }),
        settle: () => applier.tick(),
      }
    },
  },
}

const author = (2n ** 60n) as ReaderId
const reader = (2n ** 60n + 1n) as ReaderId
const others = Array.from({ length: 40 }, (_, i) => (2n ** 60n + 10n + BigInt(i)) as ReaderId)
const articles = Array.from({ length: 30 }, (_, i) => (2n ** 61n + BigInt(i)) as ArticleId)
const [article, second] = articles as [ArticleId, ArticleId]
const me: Viewer = { kind: 'reader', id: reader }
const like = (reader_id: ReaderId, article_id: ArticleId) => ({ reader_id, article_id, value: 1 })

for (const [name, { skip, open }] of Object.entries(ENGINES)) {
  const ready = skip ? undefined : open().then(world)
  const engine = () => ready as Promise<Engine>
  const says = (words: string) => `${name}: ${words}`

  const likesOf = async (id: bigint, viewer?: Viewer) =>
    (await (await engine()).counters.read(['article.likes'], [id], viewer))(id, 'article.likes')

  test(says('what readers did is counted, for every kind and id asked for, in one answer'), { skip }, async () => {
    const { db, counters, settle } = await engine()
    await db
      .insertInto('attitude')
      .values(articles.flatMap((id, n) => others.slice(0, n + 1).map(one => like(one, id))))
      .execute()
    await db
      .insertInto('collection')
      .values({ reader_id: others[0] as ReaderId, article_id: second })
      .execute()
    const read = () => counters.read(['article.likes', 'article.collections', 'reader.likes_received'], [...articles, author])
    await comesTo(settle, [30, 1], async () => {
      const of = await read()
      return [of(articles[29] as ArticleId, 'article.likes'), of(second, 'article.collections')]
    })
    const of = await read()
    for (const [n, id] of articles.entries())
      assert.deepEqual([of(id, 'article.likes'), of(id, 'article.collections')], [n + 1, n === 1 ? 1 : 0])
    assert.equal(of(author, 'reader.likes_received'), (30 * 31) / 2)
  })

  test(says('a count of an unknown id is 0, of an unknown kind an error, and asking for nothing answers'), { skip }, async () => {
    const { counters } = await engine()
    const strangers = [2n ** 63n - 1n, -1n, 12n]
    const of = await counters.read(COUNTER_KINDS, strangers, me)
    for (const kind of COUNTER_KINDS) for (const id of strangers) assert.equal(of(id, kind), 0)
    assert.equal((await counters.read(COUNTER_KINDS, []))(article, 'article.likes'), 0)
    await assert.rejects(counters.read(['article.smiles' as never], [article]), /no count of the kind article.smiles/)
    await assert.rejects(counters.explain('article.smiles' as never, article), /no count of the kind/)
  })

  test(says('a reader sees at once what they did, in every process, and never twice'), { skip }, async () => {
    const { db, counters, elsewhere, settle } = await engine()
    const before = await likesOf(article, me)
    await db.insertInto('attitude').values(like(reader, article)).execute()
    await counters.noteOwnWrite(me, ['article.likes'], [article])
    for (const step of ['before', 'when', 'after']) {
      for (const process of [counters, elsewhere]) {
        const of: (id: bigint, kind: 'article.likes' | 'reader.likes_received') => number = await process.read(
          ['article.likes', 'reader.likes_received'],
          [article, author],
          me,
        )
        assert.equal(of(article, 'article.likes'), before + 1, `${step} the store has it`)
        assert.equal(of(author, 'reader.likes_received'), (30 * 31) / 2 + 1, `its author's, ${step} the store has it`)
      }
      if (step === 'before') await Promise.all([settle(), (async () => assert.equal(await likesOf(article, me), before + 1))()])
    }
    await db.deleteFrom('attitude').where('reader_id', '=', reader).execute()
    await counters.noteOwnWrite(me, ['article.likes'], [article])
    assert.equal(await likesOf(article, me), before)
    await comesTo(settle, before, () => likesOf(article))
    assert.equal(await likesOf(article, me), before)
  })

  test(says('a viewer who steps back and forth sees each of their steps, beside folding and a writer that holds the log'), {
    skip,
  }, async () => {
    const { db, pool, counters, elsewhere, settle } = await engine()
    const before = await likesOf(second, me)
    const holder = await pool.connect()
    await holder.query(`begin; insert into channel (id, name) values (77, 'held')`)
    try {
      for (let step = 0; step < 6; step++) {
        if (step % 2 === 0) await db.insertInto('attitude').values(like(reader, second)).execute()
        else await db.deleteFrom('attitude').where('reader_id', '=', reader).execute()
        await counters.noteOwnWrite(me, ['article.likes'], [second])
        const wanted = before + ((step + 1) % 2)
        await Promise.all([settle(), foldCounters(db)])
        assert.equal((await elsewhere.read(['article.likes'], [second], me))(second, 'article.likes'), wanted, `step ${step}`)
        assert.equal(await likesOf(second, me), wanted, `step ${step}`)
      }
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    await comesTo(settle, before, () => likesOf(second))
    assert.equal(await likesOf(second, me), before)
  })

  test(says('a count is never more than a second behind, though a writer holds the log back for longer'), { skip }, async () => {
    const { db, pool, settle } = await engine()
    const before = await likesOf(second)
    const holder = await pool.connect()
    await holder.query(`begin; insert into channel (id, name) values (78, 'held')`)
    try {
      await db
        .insertInto('attitude')
        .values(like(others[39] as ReaderId, second))
        .execute()
      // As long as we do not let it go, it holds the log back.
      await comesTo(settle, before + 1, () => likesOf(second, ANONYMOUS))
    } finally {
      await holder.query('rollback')
      holder.release()
    }
  })

  test(says('beside writers and folding, reconciling finds nothing wrong at any moment, and in the end all is exact'), {
    skip,
  }, async () => {
    const { db, fix, settle } = await engine()
    const third = articles[2] as ArticleId
    let over = false
    const on = async (step: () => Promise<unknown>) => {
      while (!over) await step()
    }
    const reports: ReconcileReport[] = []
    const beside = [
      on(settle),
      on(() => foldCounters(db, 7)),
      on(async () => reports.push(...((await fix.reconcile(['article.likes', 'reader.likes_received'])) as ReconcileReport[]))),
      on(async () => {
        const now = await likesOf(third)
        assert.ok(now >= 3, `${now} likes`)
      }),
    ]
    // As long as it takes: on a busy machine few comparisons come to their end.
    for (let round = 0; round < 40 || (reports.length <= 2 && round < 3_000); round++) {
      const one = others[3 + (round % 36)] as ReaderId
      await db
        .insertInto('attitude')
        .values(like(one, third))
        .onConflict(c => c.doNothing())
        .execute()
      if (round % 3 === 0) await db.deleteFrom('attitude').where('reader_id', '=', one).where('article_id', '=', third).execute()
    }
    over = true
    await Promise.all(beside)
    assert.deepEqual(
      reports.filter(report => report.drift !== 0 || report.repaired !== 0),
      [],
      'nothing was wrong at any moment',
    )
    assert.ok(reports.length > 2, `${reports.length} comparisons`)
    const { rows } = await sqlCount(db, third)
    await comesTo(settle, rows, () => likesOf(third))
  })

  test(says('counts that were made wrong are found, measured, put right by a change like any other, and reported'), { skip }, async () => {
    const { db, pool, fix, settle, counters } = await engine()
    const fifth = articles[4] as ArticleId
    const right = await sqlCount(db, fifth)
    while ((await foldCounters(db)) > 0);
    await pool.query(`update counter set value = value + 40 where kind = 'article.likes' and key = ${fifth}`)
    await pool.query(`insert into counter_delta (kind, key, d) values ('article.likes', ${2n ** 62n}, -2)`)
    await settle()
    const [looked] = (await fix.reconcile(['article.likes'], { repair: false })) as [ReconcileReport]
    assert.ok(looked.rows_drift >= 2)
    const [report] = (await fix.reconcile(['article.likes'])) as [ReconcileReport]
    assert.equal(report.rows_drift, looked.rows_drift, 'looking has changed nothing')
    await comesTo(settle, [right.rows, 0], async () => [await likesOf(fifth), await likesOf(2n ** 62n)])
    const of = await counters.read(['article.likes'], [fifth, 2n ** 62n])
    assert.deepEqual([of(fifth, 'article.likes'), of(2n ** 62n, 'article.likes')], [right.rows, 0])
    const [again] = (await fix.reconcile(['article.likes'])) as [ReconcileReport]
    assert.deepEqual([again.rows_drift, again.store_drift], [0, 0])
    const row = await db.selectFrom('reconcile_report').selectAll().where('kind', '=', 'article.likes').executeTakeFirstOrThrow()
    assert.deepEqual([row.rows_drift, row.store_drift, Number(row.checked)], [0n, 0n, again.checked])
  })

  test(says('two reconciles at once correct once'), { skip }, async () => {
    const { pool, fix, settle } = await engine()
    const sixth = articles[5] as ArticleId
    await pool.query(`insert into counter_delta (kind, key, d) values ('article.likes', ${sixth}, 11)`)
    await settle()
    const reports = (await Promise.all([fix.reconcile(['article.likes']), fix.reconcile(['article.likes'])])).flat() as ReconcileReport[]
    assert.deepEqual(reports.map(report => report.rows_drift).toSorted(), [0, 11])
    await comesTo(settle, 6, () => likesOf(sixth))
  })

  test(says('a kind without any rows is compared like every other, and one that fails keeps none from being put right'), {
    skip,
  }, async () => {
    const { pool, fix } = await engine()
    await pool.query(`insert into counter_delta (kind, key, d) values ('reader.followers', 5, 3)`)
    // As a declaration that divides by zero would: only its kind is affected.
    await pool.query(`update counted set contributions = replace(contributions, '''article.collections'' kind, article_id key, 1 d',
      '''article.collections'' kind, article_id key, 1 / (article_id - article_id)::int d') where table_name = 'collection'`)
    try {
      const reports = await fix.reconcile(['comment.replies', 'article.collections', 'reader.followers'])
      assert.deepEqual(
        reports.map(report => ('error' in report ? report.error : report.drift)),
        [0, 'division by zero', 3],
      )
    } finally {
      await pool.query(`update counted set contributions = replace(contributions, '1 / (article_id - article_id)::int d', '1 d')`)
    }
  })

  test(says('a count is explained: what the rows say, what is kept, what is still to come'), { skip }, async () => {
    const { db, counters, settle } = await engine()
    const seventh = articles[6] as ArticleId
    const { rows } = await sqlCount(db, seventh)
    await settle()
    await db.insertInto('attitude').values(like(reader, seventh)).execute()
    const { truth, store, pending, engine: which } = await counters.explain('article.likes', seventh)
    assert.deepEqual([truth, store + pending, which], [rows + 1, rows + 1, name])
    assert.ok(pending >= 1)
    assert.deepEqual(await counters.explain('comment.replies', 404n), { truth: 0, store: 0, pending: 0, engine: name })
  })
}

async function world(engine: Engine): Promise<Engine> {
  const { db } = engine
  await db.insertInto('channel').values({ id: 1, name: 'channel' }).execute()
  await db
    .insertInto('reader')
    .values([author, reader, ...others].map(id => ({ id, name: `reader ${id}` })))
    .execute()
  await db
    .insertInto('article')
    .values(articles.map(id => ({ id, author_id: author, channel_id: 1, title: 'title', status: 2, published_at: new Date(0) })))
    .execute()
  return engine
}

async function sqlCount(db: TestDatabase['db'], id: ArticleId): Promise<{ rows: number }> {
  const rows = await db.selectFrom('attitude').select('reader_id').where('article_id', '=', id).where('value', '=', 1).execute()
  return { rows: rows.length }
}

/** Other tests' transactions hold the end of the log back for moments, and what is applied comes piece by piece. */
async function comesTo<T>(settle: () => Promise<void>, wanted: T, count: () => Promise<T>): Promise<void> {
  const look = async () => {
    await settle()
    return count()
  }
  await eventually(look, seen => isDeepStrictEqual(seen, wanted))
}
