import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId, ChannelId } from '../../src/base/id.ts'
import { createJobControl } from '../../src/engines/jobs/control.ts'
import { type ExperimentRow, findRunning } from '../../src/recommend/experiments/experiments.sql.ts'
import { followExperiment } from '../../src/recommend/experiments/follow-job.ts'
import { startTrial } from '../../src/recommend/experiments/trial.ts'
import { FEATURES } from '../../src/recommend/model/feature-names.ts'
import { packModel } from '../../src/recommend/nightly/trained-model.ts'
import { insertTrainedModel, listTrainedModels } from '../../src/recommend/nightly/trained-models.sql.ts'
import { RANKERS } from '../../src/recommend/policy/policy.ts'
import type { Trees } from '../../src/recommend/trees/trees.ts'
import { type Person, type Product, SETTING, startProduct } from '../support/product.ts'
import { insertReadingLog, makeReadingLog } from '../support/reading-log.ts'
import { eventually } from '../support/waiting.ts'

const PAGES = 650 // of which five in six are clicked: more than the five hundred from which on the model is used
let product: Product
let articles: ArticleId[]
let alice: Person

before(async () => {
  // A recommender in another process gives no reasons.
  product = await startProduct({ alwaysEmbedded: SETTING === 'cluster' })
  const channels = [await product.createChannel('科技'), await product.createChannel('体育')]
  articles = await product.publish(Array.from({ length: 60 }, (_, i) => ({ channel: channels[i % 2] as ChannelId, ageSeconds: 60 + i })))
  alice = await product.signIn('alice')
})

const feed = `/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=0&explain=1`
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec((await product.request('GET', '/metrics')).text)?.[1])

test('before the model has learned enough, five factors rank the feed', async () => {
  const [first] = (await alice.get(feed)).body.data.results
  assert.ok('appeal' in first.why.factors && !('model' in first.why.factors))
})

test('when it has, the model ranks it, and says so', async () => {
  const log = makeReadingLog({ pages: PAGES, articles, from: Date.now() - 4_000_000 })
  await insertReadingLog(product.db, log)
  const clicks = log.filter(entry => entry.kind === 'behaviour').length
  await eventually(
    () => metric('learner_impressions'),
    learned => learned === clicks,
  )
  assert.equal(await metric('learner_in_use'), 1)
  const bob = await product.signIn('bob', '13800000002')
  const [first] = (await bob.get(feed)).body.data.results
  assert.ok('model' in first.why.factors && 'closeness' in first.why.factors && !('appeal' in first.why.factors))
  const { policy } = await product.db.selectFrom('page').select('policy').where('viewer', '=', `r${bob.id}`).executeTakeFirstOrThrow()
  assert.equal(policy, 2)
})

test('a click on a page is learned from, and one without a page is not', async () => {
  const carol = await product.signIn('carol', '13800000003')
  const { results } = (await carol.get(feed)).body.data
  const [first] = results
  const shown = new Set(results.map((one: { art_id: bigint }) => one.art_id))
  const before = await metric('learner_impressions')
  const elsewhere = articles.find(id => !shown.has(id)) as ArticleId
  await carol.get(`/app/v1_0/articles/${elsewhere}`)
  await carol.get(`/app/v1_0/articles/${first.art_id}`)
  await eventually(
    () => metric('learner_impressions'),
    learned => learned === before + 1,
  )
  await eventually(
    () => metric('learner_entries_total{outcome="read"}'),
    read => read >= 1,
  )
})

/** What a night notes of a model: of no matter here. */
const figures = {
  fit: 0,
  stop: 0,
  held_out: 0,
  trees: 1,
  weights: { online: 0, trees: 1 },
  ndcg10: {},
  hr10: {},
  choice_loss: {},
  seconds: 1,
}

test('a planted model whose scores are no numbers goes on trial, is found out by its failures, and withdrawn', async () => {
  const trees: Trees = {
    width: FEATURES.length,
    roots: Int32Array.of(0),
    left: Int32Array.of(0),
    inputs: Int32Array.of(0),
    cuts: Float64Array.of(0),
    values: Float64Array.of(Number.NaN),
  }
  const { db } = product
  await createJobControl({ db, zone: 'Asia/Shanghai' }).change('follow-experiment', { paused: true }) // here it is followed by hand
  const id = await insertTrainedModel(db, { reason: '', figures, model: packModel({ trees, combination: { first: 0, second: 1 } }) })
  await db.transaction().execute(async tx => {
    await startTrial(tx, id)
    await sql`update experiment set share = 0.5, counted_from = now() where state = 'running'`.execute(tx)
  })
  let asked = 0
  async function ask(): Promise<{ arm: number | null; policy: number }> {
    const device = `trial-${asked++}`
    await sql`insert into device (viewer, first_at) values (${`d${device}`}, now() - interval '8 days')`.execute(db) // strangers decide nothing
    await product.request('GET', feed, undefined, { headers: { authorization: `Anony ${device}` } })
    return db.selectFrom('page').select(['arm', 'policy']).where('viewer', '=', `d${device}`).executeTakeFirstOrThrow()
  }
  await eventually(ask, ({ arm, policy }) => arm === 1 && policy === RANKERS.fiveFactors)
  for (let i = 0; i < 50; i++) {
    const { arm, policy } = await ask()
    assert.equal(policy, arm === 1 ? RANKERS.fiveFactors : RANKERS.model)
  }
  // The recommender adds what it has noted every ten seconds.
  await eventually(
    async () => (await sql`select from experiment_viewer where failed > 0`.execute(db)).rows.length,
    failed => failed >= 10,
  )
  // What it had noted by then may be of too few viewers of one arm.
  const { verdict } = await eventually(
    async () => followExperiment(db, (await findRunning(db)) as ExperimentRow),
    followed => followed.verdict !== 'too-few',
  )
  assert.equal(verdict, 'harmful')
  const [last] = await listTrainedModels(db, 1)
  assert.equal(last?.state, 'withdrawn')
  assert.match(last?.reason ?? '', /^failures: (0\.\d+|1\.000) in the treatment, 0\.000 in the control$/)
  await eventually(ask, ({ arm, policy }) => arm === null && policy === RANKERS.model)
})
