import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { createRowWriter } from '../../../test/support/product-rows.ts'
import { channelOf, factsOf, favouriteOf, insertWholeReadingLog, makeReadingLog } from '../../../test/support/reading-log.ts'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { JobContext } from '../../base/job.ts'
import { silentLog } from '../../base/log.ts'
import { createMetrics } from '../../base/metrics.ts'
import { relatedIdsOf } from '../../features/articles/articles.sql.ts'
import { type ExperimentRow, findRunning } from '../experiments/experiments.sql.ts'
import { followExperiment } from '../experiments/follow-job.ts'
import { createReadersLike } from '../factors/readers-like.ts'
import type { trainTrees } from '../trees/train-trees.ts'
import type { Trees } from '../trees/trees.ts'
import { unpackFactors } from './article-factors.ts'
import { type FactorsReport, toFactorsView } from './factors-view.ts'
import { judge } from './gate.ts'
import { createLiveModel } from './live-model.ts'
import { trainModel } from './train-model.ts'
import { packModel, type TrainedModel, unpackModel } from './trained-model.ts'
import { endLiveModel, listTrainedModels, type RankingState, type TrainedModelRow } from './trained-models.sql.ts'
import { createTrainingJobs, storeTraining } from './training-job.ts'

const { db, url, close } = await testDatabase()
cleanup(close)
const PAGES = 1_200
const HOURS_3 = 3 * 3_600_000
const from = Date.now() - HOURS_3
const ids = Array.from({ length: 30 }, (_, i) => BigInt(1_201 + i) as ArticleId)
/** Of two thirds of the articles, readers want those of their channel, and of the others all but those: a linear ranker finds half of it. */
const isWanted = (viewer: string, article: ArticleId) => (channelOf(article) === favouriteOf(viewer)) === (article % 3n !== 0n)
/** Other times change the figures by rounding, other ids the whole log; with these and this seed trees are far ahead. */
const SEED = 2

let articles: ArticleId[]

before(async () => {
  const rows = createRowWriter(db)
  const channels = [
    await rows.insertChannel('a'),
    await rows.insertChannel('b'),
    await rows.insertChannel('c'),
    await rows.insertChannel('d'),
  ]
  articles = await rows.insertArticles(ids.map(id => ({ id, channel: channels[0] as ChannelId, ageSeconds: 5 * 3_600 })))
  await sql`update article set channel_id = (${channels}::int[])[id % 4 + 1]`.execute(db) // what readers of the log go by
  await insertWholeReadingLog(db, makeReadingLog({ pages: PAGES, articles, from, seed: SEED, isWanted }))
})

/** Trains on readers who click for one reason that can be learned. */
function train(options: { live?: TrainedModel; train?: typeof trainTrees; pages?: number } = {}) {
  const log = makeReadingLog({ pages: options.pages ?? PAGES, articles: ids, from, seed: SEED, isWanted })
  const times = log.filter(entry => entry.kind === 'behaviour').map(({ at }) => at)
  const at = (share: number) => times[Math.floor(times.length * share)] as number
  const parts = { clicks: times.length, heldOut: Math.floor(times.length / 5), stopFrom: at(0.6), heldOutFrom: at(0.8) }
  async function* entries() {
    yield log
  }
  return trainModel({ ...options, entries: entries(), parts, facts: ids.map(id => factsOf(id, from)) })
}

const accepted = train()

const turned = (trees: Trees): Trees => ({ ...trees, values: trees.values.map(value => -value) })

/** The log is the same each time, so these are the trees that every training makes. That takes longer than all else in it. */
const goodTrees = async () => (await accepted).model?.trees as Trees

test('a new model goes live only if it beats every rival, and a live one that a simple rule beats is withdrawn', () => {
  const rules = { popularity: 0.2, recency: 0.1, online: 0.3 }
  const accepted = { isAccepted: true, liveStays: true, reason: '' }
  assert.deepEqual(judge({ ...rules, trained: 0.31 }, {}), accepted)
  assert.deepEqual(judge({ ...rules, live: 0.32, trained: 0.33 }, {}), accepted)
  const { isAccepted, liveStays, reason } = judge({ ...rules, live: 0.32, trained: 0.31 }, {})
  assert.deepEqual([isAccepted, liveStays, reason], [false, true, 'not better than live'])
  assert.equal(judge({ ...rules, trained: 0.15 }, {}).reason, 'not better than popularity, online')
  assert.equal(judge({ ...rules, trained: Number.NaN }, {}).isAccepted, false)
  const worn = judge({ ...rules, live: 0.25, trained: 0.28 }, {})
  assert.deepEqual([worn.isAccepted, worn.liveStays], [false, false])
  assert.match(worn.reason, /the live model is not better than online/)
})

test('a model that makes choices among the pages more likely beats what ranked them, but no simple rule', () => {
  const quality = { popularity: 0.2, recency: 0.1, online: 0.3, trained: 0.29 }
  const of = (mean: number, spread = 0.1) => Array.from({ length: 100 }, (_, i) => mean + (i % 2 === 0 ? spread : -spread))
  assert.equal(judge(quality, { online: of(2), trained: of(1.9) }).isAccepted, true)
  for (const trained of [of(2), of(1.9995), of(1.95, 2), of(Number.NaN)])
    assert.equal(judge(quality, { online: of(2), trained }).reason, 'not better than online')
  assert.equal(judge({ ...quality, trained: 0.15 }, { online: of(2), trained: of(1.9) }).reason, 'not better than popularity')
})

test('what is trained on the log ranks clicks that it has not seen far above popularity and recency, and better than the ranker alone', async () => {
  const { isAccepted, figures, model } = await accepted
  assert.ok(isAccepted, JSON.stringify(figures))
  const { trained = 0, popularity = 1, recency = 1 } = figures.ndcg10
  assert.ok(trained > popularity + 0.3 && trained > recency + 0.3, JSON.stringify(figures))
  const { online = 0, trained: loss = 1 } = figures.choice_loss
  assert.ok(loss < online - 0.03, `${loss} and ${online}`)
  assert.ok(figures.held_out > 100 && figures.trees > 0 && model)
})

test('trees that rank the wrong way round, or whose scores are no numbers, do not go live', async () => {
  const trees = await goodTrees()
  const wrong = await train({ train: () => turned(trees) })
  assert.deepEqual([wrong.isAccepted, wrong.figures.weights.trees, wrong.reason], [false, 0, 'not better than online'])
  const noNumbers = await train({ train: () => ({ ...trees, values: trees.values.map(() => Number.NaN) }) })
  assert.equal(noNumbers.isAccepted, false)
})

test('a bad model that is live is found out by the next night, which makes the same model of the same log', async () => {
  const trees = await goodTrees()
  const live = { trees: turned(trees), combination: { first: 0, second: 1 } }
  const better = await train({ live })
  assert.ok(better.isAccepted && (better.figures.ndcg10.live ?? 1) < 0.1)
  assert.deepEqual(better.model, (await accepted).model)
  const noBetter = await train({ live, train: () => turned(trees) })
  assert.deepEqual([noBetter.isAccepted, noBetter.liveStays], [false, false])
})

test('a log with few clicks, or none, trains nothing, and the live model stays', async () => {
  const { isAccepted, liveStays, reason, model } = await train({ pages: 100 })
  assert.deepEqual([isAccepted, liveStays, model], [false, true, undefined])
  assert.equal(reason, 'too few clicks: training needs 600 to fit, 200 to stop and 100 held out')
})

test('a model of other features is not used', async () => {
  const model = { trees: await goodTrees(), combination: { first: 1, second: 1 } }
  assert.deepEqual(unpackModel(packModel(model)), model)
  const bytes = packModel(model)
  bytes[bytes.indexOf('clicks_0.25h') + 1] = 'x'.charCodeAt(0)
  assert.equal(unpackModel(bytes), undefined)
  assert.equal(unpackModel(Buffer.from('broken')), undefined)
})

const metrics = createMetrics()
const jobs = createTrainingJobs({ databaseUrl: url, metrics })
const context = {
  signal: new AbortController().signal,
  commit: (effect: (tx: unknown) => Promise<object>) => db.transaction().execute(effect),
} as unknown as JobContext

test('the nightly job trains on the rows in a thread, its model is on trial, then live, and the same log brings no second one', async () => {
  const used: [RankingState, number | undefined][] = []
  const job = jobs.trees
  const liveModel = createLiveModel({
    db,
    learner: { useTrained: (state, model) => used.push([state, model?.trees.roots.length]) },
    readersLike: createReadersLike(),
    log: silentLog,
  })
  await job.run(context)
  await liveModel.load()
  const [first] = (await listTrainedModels(db, 1)) as [TrainedModelRow]
  const { trees } = first.figures
  assert.deepEqual([first.state, used], ['trial', [['trial', trees]]])

  const answer = { isAccepted: true, liveStays: true, reason: '', figures: first.figures, packed: Buffer.from('another'), seconds: 1 }
  const stored = await db.transaction().execute(tx => storeTraining(tx, answer))
  assert.deepEqual(stored, { outcome: 'refused', reason: `the experiment "model ${first.id}" is running` })

  await sql`update experiment set ends_at = now()`.execute(db)
  assert.equal((await followExperiment(db, (await findRunning(db)) as ExperimentRow)).verdict, 'too-few')
  await liveModel.load()
  assert.deepEqual(used.slice(1), [
    ['live', trees],
    ['trial', undefined],
  ])
  await job.run(context)
  assert.deepEqual(
    (await listTrainedModels(db, 10)).map(({ state, reason }) => [state, reason]),
    [
      ['refused', 'not better than live'],
      ['refused', stored.reason],
      ['live', ''],
    ],
  )
  assert.match(await metrics.text(), /training_ndcg\{ranking="live"\} 0\.\d/)

  assert.equal(await endLiveModel(db, 'withdrawn', 'by an operator'), first.id)
  await liveModel.load()
  assert.deepEqual(used[3], ['live', undefined])
})

test('of what was clicked it is known who else reads it: another reader with some of these clicks gets the others', async () => {
  // Readers of one channel each.
  await db.deleteFrom('behaviour').execute()
  await db.deleteFrom('page').execute()
  await insertWholeReadingLog(db, makeReadingLog({ pages: PAGES, articles, from }))
  const readersLike = createReadersLike()
  const liveModel = createLiveModel({ db, learner: { useTrained() {} }, readersLike, log: silentLog })
  const report = (await jobs.factors.run(context)) as FactorsReport
  await liveModel.load()
  assert.deepEqual([report.outcome, report.readers, report.articles, readersLike.size()], ['live', 40, 30, 30], JSON.stringify(report))
  assert.match(await metrics.text(), /factors_ndcg\{ranking="recency"\} 0/)
  const [night] = toFactorsView({ ended_at: new Date(), outcome: 'done', report })
  assert.deepEqual([night?.state, night?.ndcg10.recency, night?.ndcg10.live], ['live', report.ndcg10.recency, null])
  const { rows } = await sql<{ id: ArticleId }>`select id from article order by id`.execute(db)
  const all = rows.map(({ id }) => id)
  const ofOneChannel = all.filter(id => id % 4n === 1n)
  const clicked = ofOneChannel.slice(0, 3)
  const next = readersLike.next(clicked, 4, id => id !== ofOneChannel[3])
  assert.deepEqual([...next].toSorted(), ofOneChannel.slice(4).toSorted().slice(0, next.length))
  assert.ok(next.length === Math.min(4, ofOneChannel.length - 4))
  assert.deepEqual(
    readersLike.next([1n as ArticleId], 5, () => true),
    [],
  )
  assert.equal(unpackFactors(Buffer.from('broken')), undefined)

  // Below an article stands what the same readers read, although all others of its channel are as new.
  const [one] = ofOneChannel as [ArticleId]
  const related = (await relatedIdsOf(db, [one], { limit: 10 })).get(one) as ArticleId[]
  assert.ok(related.length >= 6 && !related.includes(one), String(related))
  assert.deepEqual([...new Set(related.slice(0, 6).map(id => id % 4n))], [1n])
})
