// Articles dated in the future are hidden until their time. The view `published_article` is the rule.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
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
let cursor = 1_700_000_000_000
let nextId = Math.floor(Math.random() * 1e9)

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

test('an article dated in the future is not counted among those of its author', async () => {
  assert.equal((await carol.get(`/app/v1_0/users/${author}`)).body.data.art_count, 1)
  assert.equal((await carol.get(`/app/v1_0/users/${author}/articles`)).body.data.total_count, 1)
})

test('an article appears everywhere by itself at its date, also to readers who asked for it before', async () => {
  // Its absence is cached by every process that is asked.
  for (let i = 0; i < 4; i++) assert.equal((await openArticle(future)).status, 404)
  // Only the date: no trigger hears of the moment at which it passes.
  await product.db.updateTable('article').set({ published_at: sql<Date>`now() + interval '1 second'` }).where('id', '=', future).execute()
  for (let i = 0; i < 4; i++) await openArticle(future)
  const appears = (read: () => Promise<boolean>) => eventually(read, found => found)
  await appears(async () => (await openArticle(future)).status === 200)
  await appears(async () => (await carol.get(`/app/v1_0/users/${author}`)).body.data.art_count === 2)
  await appears(async () => (await carol.get('/app/v1_0/search?q=future')).body.data.total_count === 1)
  await appears(async () => (await idsIn(`/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor++}&with_top=0`)).includes(future))
  assert.deepEqual((await idsIn(`/app/v1_0/users/${author}/articles`)).toSorted(), [current, future].toSorted())
  assert.equal((await alice.post('/app/v1_0/article/likings', { target: future })).status, 201)
  await appears(async () => (await idsIn(`/app/v1_0/articles/${current}`)).includes(future))
})

/** A moment, `inMs` from now, as it is written with a time zone's offset. */
function writeWithOffset(inMs: number, offsetMinutes: number): string {
  const local = new Date(Date.now() + inMs + offsetMinutes * 60_000).toISOString().slice(0, -1)
  const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60].map(n => String(n).padStart(2, '0'))
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`
}

test('of articles with any dates, exactly those appear whose date has passed', async () => {
  const offset = fc.integer({ min: -12 * 60, max: 14 * 60 })
  const within = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), offset).map(([ms, zone]) => writeWithOffset(ms, zone))
  const appearing = fc.oneof(within(-800_000_000_000, 0), within(-50, 1_500), fc.constant('now'))
  const hidden = fc.oneof(within(3_600_000, 900_000_000_000), fc.constantFrom('9999-12-31T23:59:59Z', '200000-01-01T00:00:00Z', 'infinity'))
  const dates = fc.array(fc.record({ appearing, hidden }), { minLength: 4, maxLength: 4 })
  let run = 0
  await fc.assert(
    fc.asyncProperty(dates, async pairs => {
      const [own, writer] = [await product.createChannel(`dates ${run}`), (await product.signIn('author', `1370000000${run++}`)).id]
      const insert = async (published_at: string) => {
        const id = (2n ** 60n + 2n ** 50n + BigInt(nextId++)) as ArticleId
        const row = {
          id,
          author_id: writer,
          channel_id: own,
          title: `dated ${own}`,
          status: 2,
          published_at: sql<Date>`${published_at}::timestamptz`,
        }
        await product.db.insertInto('article').values(row).execute()
        await product.db.insertInto('article_content').values({ article_id: id, html: '' }).execute()
        return id
      }
      const visible: ArticleId[] = []
      const invisible: ArticleId[] = []
      for (const pair of pairs) {
        visible.push(await insert(pair.appearing))
        invisible.push(await insert(pair.hidden))
      }
      const lists = {
        feed: async () => idsIn(`/app/v1_1/articles?channel_id=${own}&timestamp=${cursor++}&with_top=0`),
        'author list': async () => idsIn(`/app/v1_0/users/${writer}/articles`),
        search: async () => idsIn(`/app/v1_0/search?q=${encodeURIComponent(`dated ${own}`)}`),
      }
      for (const [name, list] of Object.entries(lists)) {
        const found = await eventually(list, ids => ids.length >= visible.length)
        assert.deepEqual(found.toSorted(), visible, name)
      }
      await eventually(
        async () => (await carol.get(`/app/v1_0/users/${writer}`)).body.data.art_count,
        count => count === visible.length,
      )
      for (const id of visible) assert.equal((await openArticle(id)).status, 200)
      for (const id of invisible) assert.equal((await openArticle(id)).status, 404)
    }),
    { numRuns: 3, endOnFailure: true },
  )
})
