import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let [alice, bob, mallory] = [] as unknown as [Person, Person, Person]
let tech: number

before(async () => {
  product = await startProduct()
  ;[alice, bob, mallory] = await Promise.all([product.signIn('alice'), product.signIn('bob'), product.signIn('mallory')])
  tech = await product.createChannel('科技')
})

let people = 0
const newcomer = () => product.signIn('newcomer', `1350000${String(people++).padStart(4, '0')}`)
const many = (count: number, author?: Person) =>
  product.publish(Array.from({ length: count }, () => ({ channel: tech, author: author?.id })))
const idsOf = (answer: Answer) => answer.body.data.results.map((one: { art_id: bigint | string }) => BigInt(one.art_id))
const withdraw = (id: ArticleId) => product.db.updateTable('article').set({ status: 5 }).where('id', '=', id).execute()
const CARD = [
  'art_id',
  'title',
  'aut_id',
  'aut_name',
  'pubdate',
  'ch_id',
  'cover',
  'is_top',
  'comm_count',
  'like_count',
  'collect_count',
  'is_liking',
]

test('collected articles on the flat prefix have their pictures under both names that clients read', async () => {
  const dora = await newcomer()
  const [id] = await product.publish([{ channel: tech, cover: ['drawn/1-1.svg'] }])
  await dora.post('/v1_0/article/collections', { target: id })
  const coverAt = async (prefix: string) => (await dora.get(`${prefix}/article/collections`)).body.data.results[0].cover
  const images = [`${product.url}/drawn/1-1.svg`]
  assert.deepEqual(await coverAt('/v1_0'), { type: 1, images, Images: images })
  assert.deepEqual(await coverAt('/app/v1_0'), { type: 1, images })
})

test("every viewer sees an author's published articles, newest first, with the viewer's own likes", async () => {
  const dora = await newcomer()
  const ids = await many(23, dora)
  await product.publish([0, 1, 3, 4, 5].map(status => ({ channel: tech, author: dora.id, status })))
  const path = `/app/v1_0/users/${dora.id}/articles`
  const answer = await product.request('GET', path)
  const { results, ...page } = answer.body.data
  assert.deepEqual(page, { total_count: 23, page: 1, per_page: 10 })
  assert.deepEqual(idsOf(answer), ids.slice(0, 10))
  assert.deepEqual(Object.keys(results[0]).toSorted(), CARD.toSorted())
  assert.deepEqual(idsOf(await product.request('GET', `${path}?page=2&per_page=20`)), ids.slice(20))
  await alice.post('/app/v1_0/article/likings', { target: ids[1] })
  await alice.post('/app/v1_0/article/dislikes', { target: ids[2] })
  const likes = (one: Answer) =>
    one.body.data.results.slice(0, 3).map((card: { is_liking: boolean; like_count: number }) => [card.is_liking, card.like_count])
  assert.deepEqual(likes(await alice.get(path)), [
    [false, 0],
    [true, 1],
    [false, 0],
  ])
  assert.deepEqual(likes(await bob.get(path)), [
    [false, 0],
    [false, 1],
    [false, 0],
  ])
  assert.deepEqual(likes(await product.request('GET', path, undefined, { headers: { authorization: 'Bearer null' } })), [
    [false, 0],
    [false, 1],
    [false, 0],
  ])
  assert.match((await product.request('GET', `/v1_0/users/${dora.id}/articles/`)).text, /"art_id":"\d{19}"/)
  assert.match(answer.text, /"art_id":\d{19},/)
})

test('the list of an unknown author is refused, and an author without articles has an empty list', async () => {
  const answer = await product.request('GET', '/app/v1_0/users/12345/articles')
  assert.deepEqual([answer.status, answer.body], [400, { message: 'Invalid request.' }])
  const dora = await newcomer()
  for (const path of [`users/${dora.id}/articles`, 'user/articles', 'article/collections', 'user/histories'])
    assert.deepEqual((await dora.get(`/v1_0/${path}`)).body.data, { total_count: 0, page: 1, per_page: 10, results: [] })
})

test("a reader's own lists are visible to that reader only", async () => {
  const dora = await newcomer()
  const [id] = (await many(1, dora)) as [ArticleId]
  await dora.post('/app/v1_0/article/collections', { target: id })
  for (const path of ['user/articles', 'article/collections', 'user/histories']) {
    for (const headers of [{}, { authorization: 'Anony phone-1' }, { authorization: 'Bearer undefined' }])
      assert.equal((await product.request('GET', `/app/v1_0/${path}`, undefined, { headers } as object)).status, 401)
    assert.deepEqual(idsOf(await mallory.get(`/app/v1_0/${path}?user_id=${dora.id}&reader_id=${dora.id}`)), [])
  }
  assert.deepEqual(idsOf(await dora.get('/app/v1_0/user/articles')), [id])
})

test('a collected article is first in the list at once, and leaves it when it is removed or withdrawn', async () => {
  const dora = await newcomer()
  const ids = (await many(12)) as [ArticleId, ArticleId, ArticleId]
  for (const target of ids) await dora.post('/app/v1_0/article/collections', { target })
  const list = (query = '') => dora.get(`/app/v1_0/article/collections${query}`)
  await dora.post('/app/v1_0/article/likings', { target: ids[1] })
  await dora.post('/app/v1_0/article/dislikes', { target: ids[0] })
  const marks = { collected: ids.toReversed().map(String), liked: [String(ids[1])] }
  assert.deepEqual((await dora.get('/v1/marks')).body.data, marks)
  assert.deepEqual(idsOf(await list()), ids.toReversed().slice(0, 10))
  assert.deepEqual(idsOf(await list('?page=2')), ids.toReversed().slice(10))
  await dora.post('/app/v1_0/article/collections', { target: ids[0] })
  assert.deepEqual(idsOf(await list('?per_page=50')), ids.toReversed(), 'articles collected before keep their place')
  await dora.delete(`/app/v1_0/article/collections/${ids[1]}`)
  await withdraw(ids[2])
  const { total_count, results } = (await list('?per_page=12')).body.data
  assert.deepEqual([total_count, results.length, results[0].collect_count, results[0].is_liking], [10, 10, 1, false])
})

test("a reader's history lists each opened article once, the last first", async () => {
  const dora = await newcomer()
  const [one, two, three] = (await many(3)) as [ArticleId, ArticleId, ArticleId]
  const history = (wanted: ArticleId[]) =>
    eventually(
      async () => idsOf(await dora.get('/v1_0/user/histories')),
      ids => `${ids}` === `${wanted}`,
    )
  const open = (id: ArticleId) => dora.get(`/app/v1_0/articles/${id}`)
  for (const [id, wanted] of [
    [one, [one]],
    [two, [two, one]],
    [three, [three, two, one]],
    [one, [one, three, two]],
  ] as [ArticleId, ArticleId[]][]) {
    await open(id)
    assert.deepEqual(await history(wanted), wanted)
  }
  await withdraw(three)
  assert.deepEqual(await history([one, two]), [one, two])
  await product.request('GET', `/app/v1_0/articles/${one}`, undefined, { headers: { authorization: 'Anony phone-1' } })
  assert.deepEqual(idsOf(await bob.get('/app/v1_0/user/histories')), [])
})

test('a history holds the newest hundred articles, in the answers and in the rows', async () => {
  const dora = await newcomer()
  const ids = await many(120)
  const now = Date.now()
  await product.db
    .insertInto('history')
    .values(ids.slice(1).map((article_id, i) => ({ reader_id: dora.id, article_id, at: new Date(now - i * 1000) })))
    .execute()
  const list = async (page: number) => (await dora.get(`/app/v1_0/user/histories?per_page=50&page=${page}`)).body.data
  assert.equal((await list(1)).total_count, 100)
  assert.deepEqual([(await list(2)).results.length, (await list(3)).results.length], [50, 0])
  await dora.get(`/app/v1_0/articles/${ids[0]}`)
  const rows = await eventually(
    () => product.db.selectFrom('history').select('article_id').where('reader_id', '=', dora.id).orderBy('at', 'desc').execute(),
    found => found.length === 100,
  )
  assert.deepEqual(
    rows.map(row => row.article_id),
    ids.slice(0, 100),
  )
})

test('what a reader dislikes is listed for them, until they take it back', async () => {
  const dora = await newcomer()
  const [one, two] = (await many(2)) as [ArticleId, ArticleId]
  for (const target of [one, two]) await dora.post('/v1_0/article/dislikes', { target })
  assert.deepEqual(idsOf(await dora.get('/v1/disliked')), [two, one])
  await dora.delete(`/v1_0/article/dislikes/${two}`)
  assert.deepEqual(idsOf(await dora.get('/v1/disliked')), [one])
  assert.equal((await product.request('GET', '/v1/disliked')).status, 401)
})

test('what most viewers opened, and most readers commented on, in the last day is listed for all who have not turned it off; a channel has a picture', async () => {
  // A product of its own: the lists are kept for a minute.
  const own = await startProduct()
  const channel = await own.createChannel('科技')
  const [quiet, read, argued] = (await own.publish([{ channel, title: 'Still water' }, { channel, title: '读到最后' }, { channel }])) as [
    ArticleId,
    ArticleId,
    ArticleId,
  ]
  const [dora, emil] = [await own.signIn('alice'), await own.signIn('bob')]
  for (const reader of [dora, emil]) {
    await reader.get(`/v1_0/articles/${read}`)
    await reader.post('/v1_0/comments', { target: argued, content: 'no' })
  }
  for (let i = 0; i < 3; i++) await dora.post('/v1_0/comments', { target: quiet, content: 'hello?' })
  await dora.get(`/v1_0/articles/${quiet}`)
  await own.waitForBehaviours(`r${dora.id}`, 2)
  await own.waitForBehaviours(`r${emil.id}`, 1)
  const ids = async (path: string, reader?: Person) => idsOf(reader ? await reader.get(path) : await own.request('GET', path))
  assert.deepEqual(await ids('/v1/lists/hot'), [read, quiet])
  assert.deepEqual(await ids('/v1/lists/discussed'), [argued, quiet])
  assert.deepEqual(await ids('/v1/lists/hot?language=en'), [quiet])
  await own.publish([{ channel, cover: ['drawn/5-1.svg'] }])
  const { id, name, picture } = (await own.request('GET', '/v1/interests')).body.data.results[0]
  assert.deepEqual([id, name, new URL(picture).pathname], [channel, '科技', '/drawn/5-1.svg'])
  await emil.post('/v1/not-interested', { article_id: String(argued) })
  assert.deepEqual(await ids('/v1/lists/discussed', emil), [quiet])
})

test('the cards of articles that a client knows by id come in its order, without those that are gone', async () => {
  const [one, two, three] = (await many(3)) as [ArticleId, ArticleId, ArticleId]
  await withdraw(two)
  const answer = await eventually(
    () => product.request('GET', `/v1/cards?ids=${three},${two},12345,${one}`),
    ({ body }) => body.data.results.length === 2,
  )
  assert.deepEqual(idsOf(answer), [three, one])
  assert.equal((await product.request('GET', '/v1/cards?ids=1,x')).status, 400)
})
