import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { ArticleId, ReaderId } from '../../src/base/id.ts'
import { type Person, type Product } from '../support/product.ts'
import { repeat } from '../support/repeat.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let [alice, bob, mallory] = [] as unknown as [Person, Person, Person]
let tech: number
let [hidden, closed] = [0n, 0n] as [ArticleId, ArticleId]

before(async () => {
  product = await useSharedProduct()
  ;[alice, bob, mallory] = await Promise.all([product.signIn('alice'), product.signIn('bob'), product.signIn('mallory')])
  tech = await product.createChannel('科技')
  ;[hidden, closed] = (await product.publish([
    { channel: tech, status: 1 },
    { channel: tech, status: 5 },
  ])) as [ArticleId, ArticleId]
})

const publishOne = async (author?: ReaderId) => (await product.publish([{ channel: tech, author }]))[0] as ArticleId
const openArticle = async (person: Person, id: bigint) => (await person.get(`/app/v1_0/articles/${id}`)).body.data
const behaviours = (id: ArticleId, action: string) =>
  product.db.selectFrom('behaviour').selectAll().where('article_id', '=', id).where('action', '=', action).execute()
const REACTION_PATHS = ['/article/likings', '/article/dislikes', '/article/collections']

test("a reader who likes an article, sees it at once in the article, in lists and in the author's profile", async () => {
  const carol = await product.signIn('carol')
  const id = await publishOne(carol.id)
  const answer = await alice.post('/app/v1_0/article/likings', { target: id })
  assert.deepEqual([answer.status, answer.body], [201, { message: 'OK', data: { target: id } }])
  assert.deepEqual([(await openArticle(alice, id)).attitude, (await openArticle(bob, id)).attitude], [1, -1])
  assert.equal((await openArticle(bob, id)).like_count, 1)
  assert.equal((await bob.get(`/v1_0/users/${carol.id}/articles`)).body.data.results[0].like_count, 1)
  assert.equal((await carol.get('/app/v1_0/user')).body.data.like_count, 1, 'the author received the like')
  assert.equal((await alice.get('/app/v1_0/user')).body.data.like_count, 0, 'the reader who gave it did not')
  assert.equal((await alice.delete(`/app/v1_0/article/likings/${id}`)).status, 204)
  assert.deepEqual([(await openArticle(alice, id)).attitude, (await openArticle(bob, id)).like_count], [-1, 0])
  assert.equal((await carol.get('/app/v1_0/user')).body.data.like_count, 0)
})

test('a like replaces a dislike and a dislike a like, and removing the other one changes nothing', async () => {
  const id = await publishOne()
  const state = async () => [(await openArticle(alice, id)).attitude, (await openArticle(alice, id)).like_count]
  await alice.post('/v1_0/article/dislikes', { target: `${id}` })
  assert.deepEqual(await state(), [0, 0])
  assert.equal((await alice.delete(`/v1_0/article/likings/${id}`)).status, 204)
  assert.deepEqual(await state(), [0, 0], 'removing a like leaves the dislike')
  await alice.post('/v1_0/article/likings', { target: `${id}` })
  assert.deepEqual(await state(), [1, 1])
  assert.equal((await alice.delete(`/v1_0/article/dislikes/${id}`)).status, 204)
  assert.deepEqual(await state(), [1, 1])
  await alice.post('/v1_0/article/dislikes', { target: `${id}` })
  await alice.delete(`/v1_0/article/dislikes/${id}`)
  assert.deepEqual(await state(), [-1, 0])
})

test('fifty likes or collections of one reader, many of them at once, count once', async () => {
  const id = await publishOne()
  for (const path of ['/app/v1_0/article/likings', '/v1_0/article/collections']) {
    const answers = await repeat(50, () => alice.post(path, { target: id }))
    assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([201]))
    assert.equal((await alice.post(path, { target: id })).status, 201)
  }
  const { like_count, collect_count, is_collected } = await openArticle(alice, id)
  assert.deepEqual([like_count, collect_count, is_collected], [1, 1, true])
  assert.equal((await behaviours(id, 'like')).length, 1)
  assert.equal((await behaviours(id, 'collect')).length, 1)
  await repeat(20, () => alice.delete(`/app/v1_0/article/collections/${id}`))
  assert.deepEqual([(await openArticle(bob, id)).like_count, (await openArticle(bob, id)).collect_count], [1, 0])
})

test('concurrent likes and dislikes of one reader leave one attitude with the right counts', async () => {
  const id = await publishOne()
  await repeat(40, i =>
    i % 4 === 3
      ? alice.delete(`/v1_0/article/likings/${id}`)
      : alice.post(`/v1_0/article/${i % 2 ? 'dislikes' : 'likings'}`, { target: id }),
  )
  await repeat(10, () => bob.post('/v1_0/article/likings', { target: id }))
  const { attitude, like_count } = await openArticle(alice, id)
  assert.equal(like_count, attitude === 1 ? 2 : 1)
})

test('a reaction is recorded as a behaviour once a day, however often it is taken back', async () => {
  const id = await publishOne()
  for (let i = 0; i < 2; i++) {
    await alice.post('/app/v1_0/article/likings', { target: id })
    await alice.post('/app/v1_0/article/likings', { target: id })
    await alice.delete(`/app/v1_0/article/likings/${id}`)
  }
  assert.equal((await behaviours(id, 'like')).length, 1)
  await alice.post('/app/v1_0/article/dislikes', { target: id })
  assert.deepEqual(
    (await behaviours(id, 'dislike')).map(row => row.viewer),
    [`r${alice.id}`],
  )
})

test('a collection with a trace is recorded once, with the page and the position of the article', async () => {
  const id = await publishOne()
  const { results } = (await alice.get(`/app/v1_1/articles?channel_id=${tech}&timestamp=7&with_top=0`)).body.data
  const shown = results.findIndex((one: { art_id: bigint }) => one.art_id === id)
  const trace = results[shown].trace.collect
  for (let i = 0; i < 3; i++) {
    await repeat(10, () => alice.post('/app/v1_0/article/collections', { target: id }, { headers: { trace } }))
    await alice.delete(`/app/v1_0/article/collections/${id}`)
  }
  const collected = await behaviours(id, 'collect')
  assert.deepEqual(
    collected.map(row => [row.viewer, row.position]),
    [[`r${alice.id}`, shown]],
  )
  assert.ok(collected[0]?.page_id)
})

test('a collection with a trace of another recommender, reader or action counts, but is not attributed', async () => {
  const [id, other] = [await publishOne(), await publishOne()]
  /** As on the next day: a behaviour counts once a day. */
  const forgetDay = () => product.db.updateTable('behaviour').set({ once: null }).where('article_id', '=', id).execute()
  const tracesOn = async (person: Person, article: ArticleId) => {
    const { results } = (await person.get(`/v1_0/articles?channel_id=${tech}&timestamp=8`)).body.data
    return results.find((one: { art_id: string }) => one.art_id === `${article}`).trace
  }
  const [hers, his, elsewhere] = [await tracesOn(alice, id), await tracesOn(bob, id), await tracesOn(bob, other)]
  const foreign = ['{"action":"collect"}', 'kAAAA', hers.collect, his.click, elsewhere.collect]
  for (const trace of [...foreign, ...foreign]) {
    await bob.delete(`/v1_0/article/collections/${id}`)
    assert.equal((await bob.post('/v1_0/article/collections', { target: id }, { headers: { trace } })).status, 201)
    await forgetDay()
  }
  const rows = await behaviours(id, 'collect')
  assert.equal(rows.length, 10, 'each request changed a row')
  assert.deepEqual(new Set(rows.map(row => row.page_id)), new Set([null]))
  await bob.delete(`/v1_0/article/collections/${id}`)
  await bob.post('/v1_0/article/collections', { target: id })
  const all = await behaviours(id, 'collect')
  assert.ok(
    all.some(row => row.page_id !== null),
    'without a trace, the page that showed it is where it came from',
  )
})

test('a reaction to an article that does not exist or is not published is refused with one sentence', async () => {
  for (const path of REACTION_PATHS)
    for (const target of [
      hidden,
      closed,
      12345n,
      2n ** 63n - 1n,
      0,
      -1,
      1.5,
      'abc',
      '',
      null,
      undefined,
      [],
      {},
      true,
      '９',
      `${2n ** 63n}`,
    ]) {
      const answer = await mallory.post(`/app/v1_0${path}`, { target })
      assert.deepEqual([answer.status, answer.body], [400, { message: 'Invalid target article id.' }], `${path} ${target}`)
    }
  assert.equal((await mallory.post('/app/v1_0/article/likings', [])).status, 400)
  assert.equal(
    (await mallory.post('/app/v1_0/article/likings', undefined, { body: '{"target":', headers: { 'content-type': 'application/json' } }))
      .status,
    400,
  )
  assert.deepEqual(await behaviours(hidden, 'like'), [])
})

test('removing a reaction that does not exist succeeds; a path without a valid id is a 404', async () => {
  for (const path of REACTION_PATHS) {
    for (const id of [hidden, 12345n, `%22${closed}%22`]) {
      const answer = await mallory.delete(`/v1_0${path}/${id}`)
      assert.deepEqual([answer.status, answer.text], [204, ''], path)
    }
    assert.equal((await mallory.delete(`/v1_0${path}/abc`)).status, 404)
  }
})

test("a reaction needs a signed-in reader, and is that reader's own", async () => {
  const id = await publishOne()
  await alice.post('/v1_0/article/likings', { target: id })
  await alice.post('/v1_0/article/collections', { target: id })
  for (const path of [...REACTION_PATHS, '/article/reports']) {
    const answer = await product.request('POST', `/v1_0${path}`, { target: id, type: 1 })
    assert.deepEqual([answer.status, answer.body], [401, { message: 'User must be authorized.' }])
    assert.equal(
      (await product.request('POST', `/v1_0${path}`, { target: id }, { headers: { authorization: 'Anony reactions-phone' } })).status,
      401,
    )
  }
  assert.equal((await product.request('DELETE', `/v1_0/article/likings/${id}`)).status, 401)
  await mallory.delete(`/v1_0/article/likings/${id}`, { reader_id: alice.id, user_id: alice.id })
  await mallory.delete(`/v1_0/article/collections/${id}`)
  await mallory.post('/v1_0/article/dislikes', { target: id, reader_id: alice.id, user_id: alice.id })
  const { attitude, is_collected } = await openArticle(alice, id)
  assert.deepEqual([attitude, is_collected], [1, true])
})

test('a target id may be a number, text or quoted text, and comes back in the form of the generation', async () => {
  const id = await publishOne()
  for (const target of [`${id}`, `"${id}"`, id]) {
    const answer = await bob.post('/v1_0/article/collections/', { target, type: 'x' })
    assert.deepEqual([answer.status, answer.body.data], [201, { target: `${id}` }])
  }
  const raw = await bob.post('/api/app/v1_1/article/likings', undefined, {
    body: `{"target":${id}}`,
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(raw.text, `{"message":"OK","data":{"target":${id}}}\n`)
})

test('each reader can report an article once; only the type that needs a remark stores it', async () => {
  const id = await publishOne()
  const answer = await alice.post('/app/v1_0/article/reports', { target: id, type: 0, remark: '  看不懂\u0000 ' })
  assert.deepEqual([answer.status, answer.body.data], [201, { target: id, type: 0 }])
  const again = await alice.post('/app/v1_0/article/reports', { target: id, type: 3 })
  assert.deepEqual([again.status, again.body], [409, { message: 'User has reported this article.' }])
  const statuses = await repeat(10, () => bob.post('/v1_0/article/reports', { target: `${id}`, type: '8', remark: 'not stored' }))
  assert.deepEqual(statuses.map(one => one.status).toSorted(), [201, ...Array.from({ length: 9 }, () => 409)])
  const rows = await product.db
    .selectFrom('report')
    .select(['reader_id', 'type', 'remark'])
    .where('article_id', '=', id)
    .orderBy('type')
    .execute()
  assert.deepEqual(rows, [
    { reader_id: alice.id, type: 0, remark: '看不懂' },
    { reader_id: bob.id, type: 8, remark: null },
  ])
})

test('a report needs an article, a known type and a short remark', async () => {
  const id = await publishOne()
  const post = (body: object) => mallory.post('/app/v1_0/article/reports', body)
  assert.deepEqual((await post({ target: hidden, type: 1 })).body, { message: 'Invalid target article id.' })
  assert.equal(await product.db.selectFrom('report').select('type').where('article_id', '=', hidden).executeTakeFirst(), undefined)
  for (const body of [
    { target: id },
    { target: id, type: 9 },
    { target: id, type: -1 },
    { target: id, type: 'x' },
    { type: 1 },
    { target: id, type: 0, remark: 5 },
    { target: id, type: 0, remark: '字'.repeat(201) },
  ]) {
    const answer = await post(body)
    assert.equal(answer.status, 400)
    assert.equal(typeof answer.body.message, 'string')
  }
  assert.equal((await post({ target: id, type: 0, remark: '😀'.repeat(200) })).status, 201)
})

test('a reading duration is recorded once for each trace, and is capped', async () => {
  const id = await publishOne()
  const { results } = (await bob.get(`/app/v1_1/articles?channel_id=${tech}&timestamp=9&with_top=0`)).body.data
  const { trace } = results.find((one: { art_id: bigint }) => one.art_id === id)
  const post = (person: Person, body: object, headers: Record<string, string>) =>
    person.post('/app/v1_0/reading/durations', body, { headers })
  const first = await post(bob, { duration: 12.5, art_id: id }, { trace: trace.read })
  assert.deepEqual([first.status, first.text], [201, '{"message":"OK"}\n'])
  await repeat(10, () => post(bob, { duration: '99', art_id: `${id}` }, { trace: trace.read }))
  const strange: [Person, object, string][] = [
    [bob, { duration: 5, art_id: id }, '{"action":"read","readTime":"5"}'],
    [bob, { duration: 5, art_id: id }, trace.click],
    [mallory, { duration: 5, art_id: id }, trace.read],
    [bob, { duration: 5, art_id: closed }, trace.read],
  ]
  for (const [person, body, foreign] of strange) assert.equal((await post(person, body, { trace: foreign })).status, 201)
  assert.deepEqual(
    (await behaviours(id, 'read')).map(row => [row.viewer, row.dwell_ms]),
    [[`r${bob.id}`, 12_500]],
  )

  const long = await publishOne()
  const page = (await alice.get(`/v1_0/articles?channel_id=${tech}&timestamp=10`)).body.data.results
  const own = page.find((one: { art_id: string }) => one.art_id === `${long}`).trace.read
  assert.equal((await post(alice, { duration: 9e15, art_id: long }, { trace: own })).status, 201)
  assert.equal((await behaviours(long, 'read'))[0]?.dwell_ms, 3_600_000)
})

test('a reading duration without a trace, a duration or an article is refused', async () => {
  const id = await publishOne()
  const bare = await product.request('POST', '/app/v1_0/reading/durations', { duration: 1, art_id: id })
  assert.deepEqual([bare.status, bare.body], [400, { message: 'The Trace header is required.' }])
  for (const body of [
    { art_id: id },
    { duration: -1, art_id: id },
    { duration: 'x', art_id: id },
    { duration: null, art_id: id },
    { duration: 1 },
    { duration: 1, art_id: 'x' },
    [],
  ])
    assert.equal(
      (await product.request('POST', '/v1_0/reading/durations', body, { headers: { trace: 'x' } })).status,
      400,
      `${Object.entries(body)}`,
    )
})
