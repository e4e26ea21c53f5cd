// Articles dated in the future are hidden until their time. The view `published_article` is the rule.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, ReaderId } from '../../src/base/id.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person
let carol: Person
let channel: number
let author: ReaderId
let current: ArticleId
let future: ArticleId

before(async () => {
  product = await startProduct()
  alice = await product.signIn('alice')
  carol = await product.signIn('carol')
  author = (await product.signIn('bob')).id
  channel = await product.createChannel('科技')
  ;[current, future] = (await product.publish([
    { channel, author, title: 'current' },
    { channel, author, title: 'future', ageSeconds: -3_600 },
  ])) as [ArticleId, ArticleId]
})

const openArticle = (id: ArticleId) => alice.get(`/app/v1_0/articles/${id}`)
const idsIn = async (path: string): Promise<bigint[]> => {
  const { data } = (await carol.get(path)).body
  return (data.results ?? data.recomments).map((one: { art_id: bigint }) => one.art_id)
}

test('a reader who opens an article dated in the future, gets a 404, and the click does not count', async () => {
  const { status, body } = await openArticle(future)
  assert.deepEqual([status, body], [404, { message: 'The article does not exist.' }])
  assert.equal((await openArticle(current)).status, 200)
  await product.waitForBehaviours(`r${alice.id}`, 1)
  const clicks = await product.db.selectFrom('behaviour').select('article_id').where('action', '=', 'click').execute()
  assert.deepEqual(
    clicks.map(click => click.article_id),
    [current],
  )
})

test("an article dated in the future is in neither the feed, nor its author's list, nor the related articles", async () => {
  const lists = [`/app/v1_1/articles?channel_id=${channel}&timestamp=${Date.now()}&with_top=0`, `/app/v1_0/users/${author}/articles`]
  for (const list of lists) assert.deepEqual(await idsIn(list), [current], list)
  assert.deepEqual(await idsIn(`/app/v1_0/articles/${current}`), [])
})

test('an article dated in the future takes no reactions and no comments', async () => {
  for (const path of ['/article/likings', '/article/dislikes', '/article/collections']) {
    const { status, body } = await alice.post(`/app/v1_0${path}`, { target: future })
    assert.deepEqual([status, body], [400, { message: 'Invalid target article id.' }], path)
  }
  const report = await alice.post('/app/v1_0/article/reports', { target: future, type: 1 })
  assert.deepEqual([report.status, report.body.message], [400, 'Invalid target article id.'])
  const comment = await alice.post('/app/v1_0/comments', { target: future, content: 'first' })
  assert.deepEqual([comment.status, comment.body.message], [400, 'Invalid target article id.'])
  assert.equal((await alice.get(`/app/v1_0/comments?type=a&source=${future}`)).body.data.total_count, 0)
  for (const table of ['attitude', 'collection', 'report', 'comment'] as const)
    assert.deepEqual(await product.db.selectFrom(table).select('article_id').execute(), [], table)
})

test('events about an article dated in the future are refused, and the others of their batch are accepted', async () => {
  const event = (id: string, article_id: ArticleId) => ({ id, action: 'share', article_id, at: Date.now() })
  const { body } = await alice.post('/v1/behaviours', { events: [event('a', future), event('b', current)] })
  assert.deepEqual([body.data.accepted, body.data.refused.map((one: { index: number }) => one.index)], [1, [0]])
})

test('an article whose date has passed is visible', async () => {
  await product.db.updateTable('article').set({ published_at: new Date() }).where('id', '=', future).execute()
  await eventually(
    async () => (await openArticle(future)).status,
    status => status === 200,
  )
  assert.deepEqual((await idsIn(`/app/v1_0/users/${author}/articles`)).toSorted(), [current, future].toSorted())
  assert.equal((await alice.post('/app/v1_0/article/likings', { target: future })).status, 201)
})
