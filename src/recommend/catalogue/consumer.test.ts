import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { type TestDatabase, testDatabase, waitForLog } from '../../../test/support/database.ts'
import { retryUntilDone } from '../../../test/support/waiting.ts'
import { HOUR } from '../../base/clock.ts'
import { type ArticleId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { readEndPosition, readRowsAfter } from '../../engines/log/log-rows.sql.ts'
import { createReadersLike } from '../factors/readers-like.ts'
import { createRankedBuffers } from '../pages/ranked-buffer.ts'
import { onePolicy } from '../policy/policies.ts'
import { completePolicy, DEFAULT_POLICY } from '../policy/policy.ts'
import { createRecentViewers } from '../recent-viewers.ts'
import { createCovisits } from '../sources/covisits.ts'
import { createLoadViewerContext } from '../viewer-context.ts'
import { BEHAVIOURS_ALIKE, behaviourColumns, type LoggedBehaviours } from './catalogue.sql.ts'
import { createCatalogue } from './catalogue.ts'
import { createSnapshotFile, type SnapshotFile } from './catalogue-snapshot.ts'
import { startCatalogueConsumer } from './consumer.ts'

let database: TestDatabase
const articles = Array.from({ length: 6 }, (_, i) => BigInt(10 + i) as ArticleId)
const now = Math.floor(Date.now() / HOUR) * HOUR
const clock = () => now
const folder = await mkdtemp(join(tmpdir(), 'broadsheet-catalogue-'))
cleanup(() => rm(folder, { recursive: true }))

before(async () => {
  database = await testDatabase()
  const { db } = database
  await db
    .insertInto('reader')
    .values({ id: 1n as ReaderId, name: 'alice' })
    .execute()
  const { id } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  const rows = articles.map(article => ({
    id: article,
    author_id: 1n as ReaderId,
    channel_id: id,
    title: 't',
    status: 2,
    published_at: new Date(now - HOUR),
  }))
  await db.insertInto('article').values(rows).execute()
})

async function startMemory(policies = onePolicy(), snapshots?: SnapshotFile) {
  const [catalogue, covisits, recentViewers] = [createCatalogue(clock), createCovisits(), createRecentViewers(clock)]
  const memory = {
    catalogue,
    covisits,
    rankedBuffers: createRankedBuffers(clock),
    recentViewers,
    policies,
    readersLike: createReadersLike(),
  }
  const consumer = await startCatalogueConsumer(database.db, memory, { snapshots })
  const read = () =>
    articles.map(id => [
      catalogue.trendingScore(id, now).toFixed(6),
      catalogue.impressionStats(id).clicks,
      [...covisits.relatedTo([id], 9).keys()].toSorted().join(),
    ])
  return { consumer, catalogue, recentViewers, read }
}

const weightsOf = ({ read }: { read: () => unknown[][] }) => read().map(each => each.slice(0, 2))

const insert = (rows: { viewer: string | null; action: string; article_id: ArticleId }[]) =>
  database.db
    .insertInto('behaviour')
    .values(rows.map(row => ({ ...row, id: randomUUID(), at: new Date(now - 2 * HOUR) })))
    .execute()
const makeOld = (viewer: string) =>
  sql`update device set first_at = now() - interval '8 days' where viewer = ${viewer}`.execute(database.db)

test('a recommender that starts anew knows the same of every article as one that has followed', async () => {
  await insert([{ viewer: 'dold', action: 'exposure', article_id: articles[0] as ArticleId }])
  await makeOld('dold')
  const followed = await startMemory()
  const random = createSeededRandom('consumer', 1)
  const viewers = ['r1', 'r2', 'r3', 'dold', 'dnew', null]
  const actions = ['click', 'read', 'like', 'collect', 'share', 'dislike', 'exposure', 'search']
  await insert(
    Array.from({ length: 300 }, () => ({ viewer: random.pick(viewers), action: random.pick(actions), article_id: random.pick(articles) })),
  )
  const startedAnew = await startMemory()
  // The log ends before the oldest running transaction, which may be another test's.
  await retryUntilDone(async () => {
    await followed.consumer.catchUp()
    await startedAnew.consumer.catchUp()
    assert.ok(weightsOf(followed).some(([score]) => Number(score) > 0))
    assert.deepEqual(weightsOf(followed), weightsOf(startedAnew))
  })
})

test('a recommender that starts from a snapshot knows the same as one that reads the rows, and after a crash it reads the rows', async () => {
  const { db } = database
  const file = join(folder, 'catalogue')
  const openSnapshots = (at: number = now) =>
    createSnapshotFile({ file, clock: () => at, feedback: () => DEFAULT_POLICY.feedback, articlesMin: 1 })
  const storePage = (id: bigint, at: number, index: number) =>
    sql`
    insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, made_at)
    values (${id}, 'd1', 0, ${id}, ${id}, ${id - 1n}, array[${articles[index]}]::bigint[], '{1}', '{0}', 1, ${new Date(at)})`.execute(db)
  await storePage(1n, now - HOUR, 0)
  const before = await startMemory(onePolicy(), openSnapshots())
  await before.consumer.close()
  assert.equal(await openSnapshots().read(await readEndPosition(db)), undefined) // it has not read the newest clicks
  const act = (viewer: string, action: string, index: number) => insert([{ viewer, action, article_id: articles[index] as ArticleId }])
  for (const [viewer, index] of [
    ['r1', 0],
    ['r1', 1],
    ['r2', 1],
    ['dold', 2],
  ] as const)
    await act(viewer, 'click', index)
  await retryUntilDone(async () => {
    await before.consumer.catchUp()
    assert.ok(before.catalogue.trendingScore(articles[2] as ArticleId, now) > 0)
  })
  await before.consumer.close()

  // Meanwhile another process serves a page; the same click again adds nothing; one article is withdrawn, another has a new channel.
  await storePage(2n, now + 1, 1)
  await act('r1', 'click', 1)
  await act('r2', 'like', 0)
  await act('r3', 'click', 3)
  await act('r2', 'click', 3) // beside what r2 clicked before
  await db
    .updateTable('article')
    .set({ status: 0 })
    .where('id', '=', articles[4] as ArticleId)
    .execute()
  const { id: channel_id } = await db.insertInto('channel').values({ name: '体育' }).returning('id').executeTakeFirstOrThrow()
  await db
    .updateTable('article')
    .set({ channel_id })
    .where('id', '=', articles[5] as ArticleId)
    .execute()

  await waitForLog(database)
  const end = await readEndPosition(db)
  await copyFile(file, `${file}.kept`)
  for (const [isValid, at, by] of [
    [false, now + HOUR + 1, end],
    [false, now, { ...end, incarnation: 'another' }],
    [false, now, { ...end, xid: '3' }],
    [true, now, end],
  ] as const) {
    await copyFile(`${file}.kept`, file)
    assert.equal((await openSnapshots(at).read(by)) !== undefined, isValid)
  }
  await copyFile(`${file}.kept`, file)
  const shownOf = ({ catalogue }: typeof before) => articles.map(id => catalogue.impressionStats(id).shown)
  const all = (one: typeof before) => [one.read(), shownOf(one)]
  const articlesOf = ({ catalogue }: typeof before) =>
    Array.from(catalogue.newest(0), ({ id, authorId, channelId, publishedAt, language }) => [
      id,
      authorId,
      channelId,
      publishedAt,
      language,
    ])
  const restored = await startMemory(onePolicy(), openSnapshots())
  const fromRows = await startMemory()
  assert.deepEqual(articlesOf(restored), articlesOf(fromRows))
  assert.notDeepEqual(all(restored), all(fromRows)) // until it has read what was done
  assert.equal(await openSnapshots().read(end), undefined) // a process that is killed leaves none
  await retryUntilDone(async () => {
    for (const { consumer } of [restored, fromRows]) await consumer.catchUp()
    assert.deepEqual(all(restored), all(fromRows))
  })
})

test('a policy that weighs feedback otherwise holds for what was done before it and after, and one that starts anew knows the same', async () => {
  const random = createSeededRandom('feedback', 1)
  const insertReadings = (count: number) =>
    database.db
      .insertInto('behaviour')
      .values(
        Array.from({ length: count }, () => ({
          viewer: random.pick(['r1', 'r2', 'r3', 'dold', 'dnew', null]),
          action: random.pick(['click', 'read', 'read', 'like', 'dislike']),
          dwell_ms: random.pick([null, 2_000, 4_999, 5_000, 29_999, 30_000, 200_000]),
          article_id: random.pick(articles),
          id: randomUUID(),
          at: new Date(now - 2 * HOUR),
        })),
      )
      .execute()
  const feedback = { positive: { click: 1, 'read>=30s': 2, 'read>=120s': 4 }, negative: { 'read<5s': 1.5, dislike: 3 } }
  const other = completePolicy({ feedback }, 1)
  let live = DEFAULT_POLICY
  const followed = await startMemory({ ...onePolicy(), live: () => live })
  await insertReadings(100)
  await followed.consumer.catchUp()
  live = other
  await insertReadings(100)
  const startedAnew = await startMemory({ ...onePolicy(), live: () => other })
  await insertReadings(100)
  await retryUntilDone(async () => {
    await followed.consumer.catchUp()
    await startedAnew.consumer.catchUp()
    assert.ok(weightsOf(followed).some(([score]) => Number(score) < 0))
    assert.deepEqual(weightsOf(followed), weightsOf(startedAnew))
  })
})

test('a reading is as strong as it was long: the strongest of a day counts, what speaks against the article is apart', async () => {
  await database.db.deleteFrom('behaviour').execute()
  const [target] = articles as [ArticleId]
  const rules = completePolicy({ feedback: { positive: { 'read>=30s': 2, 'read>=120s': 4 }, negative: { 'read<5s': 1 } } }, 1)
  const { consumer, catalogue } = await startMemory({ ...onePolicy(), live: () => rules })
  const read = (dwell_ms: number | null) =>
    database.db
      .insertInto('behaviour')
      .values({ viewer: 'r1', action: 'read', dwell_ms, article_id: target, id: randomUUID(), at: new Date(now - 2 * HOUR) })
      .execute()
  const expectations: [number | null, number][] = [
    [null, 0],
    [10_000, 0],
    [30_000, 2],
    [150_000, 4],
    [40_000, 4],
    [1_000, 3],
    [2_000, 3],
  ]
  for (const [dwell, weight] of expectations) {
    await read(dwell)
    await retryUntilDone(async () => {
      await consumer.catchUp()
      assert.equal((catalogue.trendingScore(target, now) * 2 ** (2 / 12)).toFixed(6), weight.toFixed(6), `${dwell} ms`)
    })
  }
})

test('an action that follows a weaker one of the same day adds the difference, also when the recommender was restarted between them', async () => {
  await database.db.deleteFrom('behaviour').execute()
  const [target] = articles as [ArticleId]
  await insert([{ viewer: 'r1', action: 'like', article_id: target }])
  const restarted = await startMemory()
  await insert([
    { viewer: 'r1', action: 'read', article_id: target },
    { viewer: 'r1', action: 'collect', article_id: target },
    { viewer: 'r1', action: 'click', article_id: target }, // counted as an impression's click: says that all have been read
  ])
  await retryUntilDone(async () => {
    await restarted.consumer.catchUp()
    assert.equal(restarted.read()[0]?.[1], 1)
  })
  assert.equal(restarted.read()[0]?.[0], (3 * 2 ** (-2 / 12)).toFixed(6))
})

test('a recommender that starts while a transaction is open counts each click once', async () => {
  await database.db.deleteFrom('behaviour').execute()
  const [target] = articles as [ArticleId]
  let memoryAtStart: Awaited<ReturnType<typeof startMemory>> | undefined
  await database.db.transaction().execute(async open => {
    await sql`select pg_current_xact_id()`.execute(open) // from now on the log ends before it
    await insert([{ viewer: 'r1', action: 'click', article_id: target }])
    memoryAtStart = await startMemory()
  })
  const memory = memoryAtStart as unknown as Awaited<ReturnType<typeof startMemory>>
  await retryUntilDone(async () => {
    await memory.consumer.catchUp()
    assert.equal(memory.read()[0]?.[1], 1)
  })
  await memory.consumer.catchUp()
  assert.equal(memory.read()[0]?.[1], 1)
})

test('a device counts once it has been here for a week, whatever time it says its actions have', async () => {
  await database.db.deleteFrom('behaviour').execute()
  await database.db.deleteFrom('device').execute()
  const [target, beside] = articles as [ArticleId, ArticleId]
  const last = articles.at(-1) as ArticleId
  for (let i = 0; i < 50; i++) await insert([target, beside].map(article_id => ({ viewer: `d${i}`, action: 'click', article_id })))
  await sql`update behaviour set at = now() - interval '6 days'`.execute(database.db)
  const early = await startMemory()
  assert.deepEqual(early.read()[0], ['0.000000', 0, ''])
  await insert([target, beside].map(article_id => ({ viewer: 'd0', action: 'click', article_id })))
  await insert([{ viewer: 'r1', action: 'click', article_id: last }])
  await retryUntilDone(async () => {
    await early.consumer.catchUp()
    assert.equal(early.read().at(-1)?.[1], 1)
  })
  assert.deepEqual(early.read()[0], ['0.000000', 0, ''])
  await makeOld('d0')
  await insert([target, beside].map(article_id => ({ viewer: 'd0', action: 'share', article_id })))
  const late = await startMemory()
  // One click two hours ago, and the strangers' decayed ones: a device's word that it shared the article weighs no more.
  const click = 2 ** (-2 / 12)
  await retryUntilDone(async () => {
    await late.consumer.catchUp()
    const score = Number(late.read()[0]?.[0])
    assert.ok(score >= click && score <= click / 0.9, `${score}`)
  })
})

test('an article that appears while many behaviours are read is known before the last of them', async () => {
  const [target] = articles as [ArticleId]
  const news = 99n as ArticleId
  const catalogue = createCatalogue(clock)
  let batches = 0
  const knownAt: boolean[] = []
  // After each batch of behaviours: the article is inserted, and is below the end of the log.
  const db = database.db.withPlugin({
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!result.rows.some(row => row.action === 'click')) return result
      knownAt.push(catalogue.get(news) !== undefined)
      if (batches++ === 0) await insertBelowEnd(news)
      return result
    },
  })
  const consumer = await startCatalogueConsumer(db, {
    catalogue,
    covisits: createCovisits(),
    rankedBuffers: createRankedBuffers(clock),
    recentViewers: createRecentViewers(clock),
    policies: onePolicy(),
    readersLike: createReadersLike(),
  })
  await insert(Array.from({ length: 2_500 }, () => ({ viewer: 'r1', action: 'click', article_id: target })))
  await retryUntilDone(async () => {
    await consumer.catchUp()
    assert.equal(batches, 3)
  })
  assert.deepEqual(knownAt, [false, true, true])
})

test('the exposures of a moment are read as one, and clicks of a moment each in its place', async () => {
  const { db } = database
  const after = await readEndPosition(db)
  const [a, b, c] = articles as [ArticleId, ArticleId, ArticleId]
  const of = (action: string, id: ArticleId) => ({ viewer: 'r1', action, article_id: id })
  await insert([of('click', b), of('exposure', a), of('click', a), of('exposure', c), of('click', c)])
  await waitForLog(database)
  const query = { columns: behaviourColumns(DEFAULT_POLICY.feedback.rules), alike: BEHAVIOURS_ALIKE, after, limit: 100 }
  const { rows } = await readRowsAfter<LoggedBehaviours>(db, 'behaviour', query)
  assert.deepEqual(
    rows.map(({ action, ids }) => [action, ids]),
    [
      ['click', [b]],
      ['click', [a]],
      ['exposure', [a, c]],
      ['click', [c]],
    ],
  )
})

test('a reader whose relations change is forgotten, and after a gap in either log everybody', async () => {
  const { db } = database
  const { consumer, catalogue, recentViewers } = await startMemory()
  const load = createLoadViewerContext({ db, clock, catalogue })
  const remember = (viewer: string) =>
    recentViewers.remember(viewer, load(viewer, { channelId: RECOMMENDED_CHANNEL, cursor: now }), Number.NEGATIVE_INFINITY)
  const isRemembered = (viewer: string) => recentViewers.find(viewer, { channelId: RECOMMENDED_CHANNEL, cursor: now }) !== undefined
  for (const viewer of ['r1', 'r2']) await remember(viewer)
  await db
    .insertInto('reader')
    .values({ id: 2n as ReaderId, name: 'bob' })
    .execute()
  await db
    .insertInto('following')
    .values({ reader_id: 1n as ReaderId, creator_id: 2n as ReaderId })
    .execute()
  await retryUntilDone(async () => {
    await consumer.catchUp()
    assert.ok(!isRemembered('r1'))
  })
  assert.ok(isRemembered('r2'))
  for (const log of ['change', 'behaviour']) {
    await remember('r2')
    assert.ok(isRemembered('r2'))
    await retryUntilDone(async () => {
      await sql`select pg_current_xact_id()`.execute(db) // something was written after what was read last
      // Rows up to here were deleted.
      await sql`
        insert into log_floor (log, xid) values (${log}, pg_current_xact_id())
        on conflict (log) do update set xid = excluded.xid`.execute(db)
      await consumer.catchUp()
      assert.ok(!isRemembered('r2'), log)
    })
  }
})

async function insertBelowEnd(id: ArticleId): Promise<void> {
  const { db } = database
  const { channel_id } = await db.selectFrom('article').select('channel_id').executeTakeFirstOrThrow()
  await db
    .insertInto('article')
    .values({ id, author_id: 1n as ReaderId, channel_id, title: 't', status: 2, published_at: new Date(now - HOUR) })
    .execute()
  await retryUntilDone(async () => {
    const { rows } = await sql`select from change where key = ${id} and xid < pg_snapshot_xmin(pg_current_snapshot())`.execute(db)
    assert.ok(rows.length > 0)
  })
}
