import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId, ReaderId } from '../../src/base/id.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

let product: Product
let alice: Person
let tech: number
let article: ArticleId
let author: ReaderId

before(async () => {
  product = await startProduct({ env: { TRUST_PROXY: 'loopback' } }) // for clients from several addresses
  alice = await product.signIn('alice')
  tech = await product.createChannel('科技')
  ;[article] = (await product.publish(
    Array.from({ length: 8 }, (_, i) => ({ channel: tech, title: `标题 ${i}`, ageSeconds: 60 * i })),
  )) as [ArticleId]
  author = (await product.db.selectFrom('article').select('author_id').where('id', '=', article).executeTakeFirstOrThrow()).author_id
})

/** Headers of a client at another address. */
let address = 0
const fromElsewhere = () => ({ headers: { 'x-forwarded-for': `198.51.${Math.floor(address / 250)}.${address++ % 250}` } })
const path = (id: unknown, prefix = '/app/v1_0') => `${prefix}/articles/${id}`
const readCount = async (id = article) =>
  (await product.request('GET', path(id), undefined, fromElsewhere())).body.data.read_count as number
const clicks = (id: ArticleId) =>
  product.db.selectFrom('behaviour').selectAll().where('article_id', '=', id).where('action', '=', 'click').execute()
const waitForClicks = (id: ArticleId, count: number) =>
  eventually(
    () => clicks(id),
    rows => rows.length >= count,
  )
const publishOne = async () => (await product.publish([{ channel: tech }]))[0] as ArticleId
const findTraces = async (get: (path: string) => Promise<Answer>, id: ArticleId, channel = tech) => {
  for (let stamp: number | null = Date.now(); stamp; ) {
    const { results, pre_timestamp }: any = (await get(`/app/v1_1/articles?channel_id=${channel}&timestamp=${stamp}&with_top=0`)).body.data
    const found = results.find((one: { art_id: bigint }) => one.art_id === id)
    if (found) return found.trace as Record<string, string>
    stamp = pre_timestamp
  }
  throw new Error('the feed does not show the article')
}

test('an anonymous viewer who opens an article, gets all that its page shows', async () => {
  const { status, body, text } = await product.request('GET', path(article))
  const { pubdate, recomments, read_count, ...rest } = body.data
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body), ['message', 'data'])
  assert.deepEqual(rest, {
    art_id: article,
    title: '标题 0',
    content: '<p>标题 0</p>',
    aut_id: author,
    aut_name: rest.aut_name,
    aut_photo: `${product.url}/drawn/avatar-${author}.svg`,
    ch_id: tech,
    is_followed: false,
    attitude: -1,
    is_collected: false,
    comm_count: 0,
    like_count: 0,
    collect_count: 0,
  })
  assert.match(pubdate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  assert.equal(typeof read_count, 'number')
  assert.ok(recomments.length > 0 && recomments.every((one: any) => one.art_id !== article && typeof one.title === 'string'))
  assert.match(text, /"art_id":\d{19},.*"aut_id":\d{19},.*"recomments":\[\{"art_id":\d{19},/)
})

test('a client of the flat generation gets the same ids as text, and channels as numbers', async () => {
  const { text, body } = await product.request('GET', path(article, '/v1_0'))
  assert.match(text, /"art_id":"\d{19}",.*"aut_id":"\d{19}",.*"ch_id":\d+,.*"recomments":\[\{"art_id":"\d{19}",/)
  assert.equal(body.data.art_id, String(article))
})

test('an article id is accepted as digits, in quotes or not, under every prefix', async () => {
  const forms = [
    path(article),
    path(`%22${article}%22`),
    `${path(article)}/`,
    `/api${path(article)}`,
    path(article, '/app/v1_1'),
    path(article, '/v1_1'),
    path(`%22${article}%22`, '/api/v1_0'),
  ]
  for (const form of forms) assert.equal((await product.request('GET', form)).status, 200, form)
})

test('a reader who opens an article that does not exist or is not published, gets a 404', async () => {
  const others = await product.publish([0, 1, 3, 4, 5].map(status => ({ channel: tech, status })))
  for (const id of [...others, article + 5_000_000n, 1, 2n ** 63n - 1n]) {
    const answer = await alice.get(path(id))
    assert.deepEqual([answer.status, answer.body], [404, { message: 'The article does not exist.' }], String(id))
  }
  for (const id of ['0', '-1', 'abc', '1.5', '1e3', '%20', '９', 2n ** 63n, '9'.repeat(300)]) {
    const answer = await alice.get(path(id))
    assert.equal(answer.status, 404, String(id))
    assert.equal(typeof answer.body.message, 'string')
  }
  assert.deepEqual(await clicks(others[0] as ArticleId), [])
})

test("a reader who opens an article, sees their own attitude, collection and follow, and no one else's", async () => {
  const { db } = product
  const [id, bob] = [await publishOne(), await product.signIn('bob')]
  const { author_id } = await db.selectFrom('article').select('author_id').where('id', '=', id).executeTakeFirstOrThrow()
  const marks = async (person: Pick<Person, 'get'>) =>
    (({ is_followed, attitude, is_collected }) => [is_followed, attitude, is_collected])((await person.get(path(id))).body.data)
  assert.deepEqual(await marks(alice), [false, -1, false])
  await db.insertInto('following').values({ reader_id: alice.id, creator_id: author_id }).execute()
  await db.insertInto('collection').values({ reader_id: alice.id, article_id: id }).execute()
  await db
    .insertInto('attitude')
    .values([
      { reader_id: alice.id, article_id: id, value: 1 },
      { reader_id: bob.id, article_id: id, value: 0 },
    ])
    .execute()
  assert.deepEqual(await marks(alice), [true, 1, true])
  assert.deepEqual(await marks(bob), [false, 0, false])
  assert.deepEqual(await marks({ get: one => product.request('GET', one) }), [false, -1, false])
  await product.waitForCounts()
  const { like_count, collect_count } = (await bob.get(path(id))).body.data
  assert.deepEqual([like_count, collect_count], [1, 1])
})

test('opening an article counts once a day for the article and its author, and enters the history of a signed-in reader', async () => {
  const id = await publishOne()
  const { author_id } = await product.db.selectFrom('article').select('author_id').where('id', '=', id).executeTakeFirstOrThrow()
  assert.equal((await alice.get(path(id))).body.data.read_count, 1, 'this click included')
  await alice.get(path(id))
  await product.request('GET', path(id), undefined, { headers: { authorization: 'Anony phone-7' } })
  await product.request('GET', path(id))
  assert.deepEqual((await waitForClicks(id, 3)).map(row => row.viewer).toSorted(), ['dphone-7', `r${alice.id}`, null].toSorted())
  await product.waitForCounts()
  assert.equal(await readCount(id), 4)
  const history = await product.db.selectFrom('history').selectAll().where('article_id', '=', id).execute()
  assert.deepEqual(
    history.map(row => row.reader_id),
    [alice.id],
    'once',
  )
  await waitForClicks(id, 4)
  const { rows } = await sql<{
    value: bigint
  }>`select value from counter_truth() where kind = 'reader.reads_received' and key = ${author_id}`.execute(product.db)
  assert.equal(rows[0]?.value, 4n)
})

test('clicks of one day count once, with the same trace or without, and the first is attributed to its page', async () => {
  const id = await publishOne()
  const trace = (await findTraces(alice.get, id)).click as string
  for (let i = 0; i < 5; i++) assert.equal((await alice.get(path(id), { headers: { trace } })).status, 200)
  await alice.get(path(id)) // without a trace
  const bob = await product.signIn('bob')
  await bob.get(path(id))
  const rows = await waitForClicks(id, 2)
  assert.deepEqual(
    rows.map(row => [row.viewer, row.page_id !== null]).toSorted(),
    [
      [`r${alice.id}`, true],
      [`r${bob.id}`, false],
    ].toSorted(),
  )
})

test('a click whose trace is a missing variable is attributed like one without a trace', async () => {
  const id = await publishOne()
  for (const [name, trace] of [
    ['bob', 'undefined'],
    ['carol', '[object Object]'],
  ] as const) {
    const reader = await product.signIn(name)
    await findTraces(reader.get, id)
    await reader.get(path(id), { headers: { trace } })
  }
  const rows = await waitForClicks(id, 2)
  assert.ok(
    rows.every(row => row.page_id !== null),
    JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
  )
})

test('two anonymous viewers who open an article from the same page count as two', async () => {
  const channel = await product.createChannel('财经')
  const [id] = (await product.publish([{ channel }])) as [ArticleId]
  const [one, two] = [
    await findTraces(product.request.bind(null, 'GET'), id, channel),
    await findTraces(product.request.bind(null, 'GET'), id, channel),
  ]
  for (const { click } of [one, two])
    await product.request('GET', path(id), undefined, { headers: { ...fromElsewhere().headers, trace: click as string } })
  assert.equal((await waitForClicks(id, 2)).length, 2)
})

test('a click with a trace of another viewer, of another article or of no known form counts, but is not attributed', async () => {
  const [id, other] = [await publishOne(), await publishOne()]
  const own = (await findTraces(alice.get, id)) as { click: string; read: string }
  const changed = `${own.click.slice(0, -1)}${own.click.endsWith('A') ? 'B' : 'A'}`
  const invalidTraces = ['x', '', 'click,1,2,3', `c${'A'.repeat(64)}`, '%00', 'é'.repeat(100), 'y'.repeat(8000), '{"action":"click"}']
  // Mallory was shown no page: a click attributed to a page would use a trace she forged or took from alice.
  for (const [i, trace] of [...invalidTraces, own.click, own.read, changed].entries()) {
    const mallory = await product.signIn('mallory', String(13_600_000_000 + i))
    assert.equal((await mallory.get(path(id), { headers: { trace } })).status, 200, trace)
  }
  assert.equal((await alice.get(path(other), { headers: { trace: own.click } })).status, 200, "another article's")
  const rows = await waitForClicks(id, invalidTraces.length + 3)
  assert.equal(rows.length, invalidTraces.length + 3)
  assert.deepEqual(new Set(rows.map(row => row.page_id)), new Set([null]), 'none of them is attributed')
  assert.equal((await waitForClicks(other, 1)).length, 1)
})

test('pictures in articles have absolute URLs', async () => {
  const id = await publishOne()
  const sourcesBefore = [
    '/drawn/1-1.svg',
    'drawn/2-1.svg',
    'https://img.example/a.jpg',
    'HTTP://img.example/b.jpg',
    'data:image/png;base64,AA==',
  ]
  const html = `<p>${sourcesBefore.map(src => `<img alt="x" src="${src}">`).join(' ')}</p>`
  await product.db.updateTable('article_content').set({ html }).where('article_id', '=', id).execute()
  await product.db
    .updateTable('article')
    .set({ cover: ['drawn/1-1.svg'] })
    .where('id', '=', id)
    .execute()
  const { content } = (await alice.get(path(id))).body.data
  const sources = [...content.matchAll(/src="([^"]+)"/g)].map(found => found[1])
  assert.deepEqual(sources, [`${product.url}/drawn/1-1.svg`, `${product.url}/drawn/2-1.svg`, ...sourcesBefore.slice(2)])
})
