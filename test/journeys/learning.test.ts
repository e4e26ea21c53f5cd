import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, ChannelId } from '../../src/base/id.ts'
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
  const [first] = (await carol.get(feed)).body.data.results
  const shown = new Set((await carol.get(feed)).body.data.results.map((one: { art_id: bigint }) => one.art_id))
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
