// A recommender in another process: ours, one of other make, and one whose answers are invalid. test/chaos/recommender has those
// that are frozen or dead.

import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import * as grpc from '@grpc/grpc-js'
import type { ArticleId } from '../../src/base/id.ts'
import { AN_HOUR_AGO, assertFallbackPage, idsOf, sourceOf } from '../support/feed-pages.ts'
import { type GrpcPeerServer, startGrpcPeer } from '../support/grpc-peer.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const KEYS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32), PUBLIC_URL: 'http://localhost' }

let whole: Product
let alice: Person
let tech: number
let published: ArticleId[]
let nextTimestamp = AN_HOUR_AGO

before(async () => {
  whole = await startProduct({ env: KEYS, alwaysEmbedded: true })
  alice = await whole.signIn('alice')
  tech = await whole.createChannel('科技')
  published = await whole.publish(
    Array.from({ length: 120 }, (_, i) => ({
      channel: tech,
      title: `标题 ${i}`,
      ageSeconds: i * 60,
      cover: i % 4 ? [] : [`files/${i}.png`],
    })),
  )
})

const fresh = () => nextTimestamp++
const feed = (cursor: number | bigint) => `/app/v1_1/articles?channel_id=${tech}&timestamp=${cursor}&with_top=0`

/** An API process on the same database, with its recommender at `address`. */
async function startApi(t: TestContext, address: string, more: Record<string, string> = {}): Promise<Product> {
  const product = await startProduct({
    env: { ...KEYS, DATABASE_URL: whole.databaseUrl, ROLES: 'api', RECOMMENDER_ADDRESS: address, ...more },
  })
  t.after(() => product.app.close()) // frees its connections: the database has sixty for all processes
  return product
}

/** Repeats the request until the recommender answers in time: it has 150 ms, and a busy machine takes longer. */
const ranked = (product: Product, path: string, headers: Record<string, string> = {}) =>
  eventually(
    () => product.request('GET', path, undefined, { headers }),
    answer => sourceOf(answer) === 'model' || sourceOf(answer) === 'remainder' || answer.status !== 200,
  )
/** Both products have the same key, so they accept the same token. */
const asAlice = (product: Product, path: string) => ranked(product, path, { authorization: `Bearer ${alice.token}` })

test('a feed has the same bytes whether its recommender is in this process or in another', async t => {
  const api = await startApi(t, whole.grpc)
  assert.equal(api.grpc, '')
  const answers: Answer[] = []
  for (let cursor: number | null = fresh(); cursor !== null && answers.length < 6; cursor = answers.at(-1)?.body.data.pre_timestamp) {
    const get = answers.length % 2 ? alice.get : (path: string) => asAlice(api, path)
    answers.push(await get(feed(cursor)))
    const current: number = cursor
    const [here, there] = await Promise.all([alice.get(feed(current)), asAlice(api, feed(current))])
    assert.equal(there.text, here.text)
    assert.deepEqual([sourceOf(here), sourceOf(there)], ['model', 'model'])
  }
  assert.equal(new Set(answers.flatMap(idsOf)).size, 60, 'one session through both processes, and no article twice')
  assert.match(answers[0]?.text ?? '', /"art_id":\d{19},/)

  const anony = { authorization: 'Anony phone-1' }
  const cursor = (await ranked(api, feed(fresh()), anony)).body.data.pre_timestamp
  const both = await Promise.all([whole, api].map(product => ranked(product, feed(cursor), anony)))
  assert.equal(both[1]?.text, both[0]?.text)
  const first = (await ranked(api, feed(fresh()))).body.data.pre_timestamp
  const anonymous = await Promise.all([whole, api].map(product => ranked(product, feed(first))))
  assert.equal(anonymous[1]?.text, anonymous[0]?.text)
})

test('a pinned article is above a first page and on no other, with a remote recommender and with the fallback', async t => {
  const [pinned] = published as [ArticleId] // would be among the first ten unpinned, too
  await whole.db.insertInto('top_article').values({ channel_id: tech, article_id: pinned, rank: 1 }).execute()
  t.after(() => whole.db.deleteFrom('top_article').execute())
  const [remote, fallback] = await Promise.all([startApi(t, whole.grpc), startApi(t, '127.0.0.1:1')])
  for (const [api, get] of [
    [remote, asAlice],
    [
      fallback,
      (product: Product, path: string) => product.request('GET', path, undefined, { headers: { authorization: `Bearer ${alice.token}` } }),
    ],
  ] as const) {
    // Read within 40 ms by the fallback, or not shown.
    const first = await eventually(
      () => get(api, feed(fresh()).replace('with_top=0', 'with_top=1')),
      answer => answer.body.data.results[0]?.is_top === 1,
    )
    assert.equal(idsOf(first)[0], pinned)
    assert.deepEqual(
      first.body.data.results.map((one: { is_top: number }) => one.is_top),
      [1, ...Array(10).fill(0)],
    )
    const next = await get(api, feed(first.body.data.pre_timestamp).replace('with_top=0', 'with_top=1'))
    assert.equal(idsOf(next).length, 10)
    assert.ok(next.body.data.results.every((one: { is_top: number }) => one.is_top === 0))
  }
})

test('a reader who scrolls while the recommender fails and recovers sees no article twice', async t => {
  const [ranking, failing] = await Promise.all([startApi(t, whole.grpc), startApi(t, '127.0.0.1:1')])
  for (const [i, pattern] of ['ssssrrrsrr', 'rsrsrsr', 'srsrrr', 'rrssrrssrr'].entries()) {
    const reader = await whole.signIn('someone', `1390000010${i}`)
    const headers = { authorization: `Bearer ${reader.token}` }
    const shown: bigint[] = []
    let cursor: number = fresh()
    for (const letter of pattern) {
      const answer = await (letter === 's'
        ? failing.request('GET', feed(cursor), undefined, { headers })
        : ranked(ranking, feed(cursor), headers))
      shown.push(...idsOf(answer))
      cursor = answer.body.data.pre_timestamp
    }
    assert.equal(new Set(shown).size, shown.length, `${pattern}: ${shown.length - new Set(shown).size} twice`)
  }
})

test('an invalid request gets the same error from both', async t => {
  const api = await startApi(t, whole.grpc)
  for (const path of ['/app/v1_0/articles?channel_id=-1&timestamp=1', '/app/v1_0/articles?channel_id=999999&timestamp=1']) {
    const [here, there] = await Promise.all([whole.request('GET', path), api.request('GET', path)])
    assert.deepEqual([there.status, there.text], [here.status, here.text])
    assert.equal(there.status, 400)
  }
})

test('an API process with a wrong key shows fallback pages, and one with the right key ranked pages', async t => {
  const key = 'k'.repeat(32)
  const closed = await startProduct({ env: { ...KEYS, DATABASE_URL: whole.databaseUrl, RECOMMENDER_KEY: key } })
  const [right, wrong] = [
    await startApi(t, closed.grpc, { RECOMMENDER_KEY: key }),
    await startApi(t, closed.grpc, { RECOMMENDER_KEY: 'x'.repeat(32) }),
  ]
  assert.equal(sourceOf(await ranked(right, feed(fresh()))), 'model')
  const answer = await wrong.request('GET', feed(Date.now()))
  assertFallbackPage(answer, published)
})

let peer: GrpcPeerServer
let api: Product
const PEER_ANSWER: GrpcPeerServer['answer'] = (_request, callback) => callback(null, { exposure: '', time_stamp: 0, recommends: [] })

/** A recommender of other make and an API process that calls it. All tests share them and set `peer.answer`. */
async function startPeer(): Promise<void> {
  peer ??= await startGrpcPeer()
  api ??= await startProduct({ env: { ...KEYS, DATABASE_URL: whole.databaseUrl, ROLES: 'api', RECOMMENDER_ADDRESS: peer.address } })
  peer.answer = PEER_ANSWER
  await ranked(api, feed(fresh())) // connected, and with a closed circuit breaker
}

type Recommended = { article_id: string; track?: Record<string, string> | null }
const track = (n: number) => ({ click: `点击-${n} «ü» "\\`, collect: `{"n":${n}}`, share: ' ', read: `r${'x'.repeat(300)}` })
const answering = (peer: GrpcPeerServer, recommends: Recommended[], more: { time_stamp?: string; exposure?: string } = {}) => {
  peer.answer = (_request, callback) => callback(null, { exposure: 'page!', time_stamp: '1556789000000', ...more, recommends })
}

test('the answer of a recommender of other make is shown, its tracking tokens unchanged', async () => {
  await startPeer()
  const chosen = [7, 3, 99, 0].map(i => published[i] as ArticleId)
  answering(
    peer,
    chosen.map((id, i) => ({ article_id: String(id), track: track(i) })),
  )
  const answer = await asAlice(api, feed(1_556_789_000_123))
  assert.equal(sourceOf(answer), 'model')
  assert.deepEqual(idsOf(answer), chosen)
  assert.deepEqual(
    answer.body.data.results.map((one: { trace: unknown }) => one.trace),
    chosen.map((_, i) => track(i)),
  )
  assert.equal(answer.body.data.pre_timestamp, 1_556_789_000_000)
  assert.deepEqual(peer.requests.at(-1), { user_id: String(alice.id), channel_id: tech, article_num: 10, time_stamp: '1556789000123' })

  // A click sends such a token back: the article opens as with any other.
  const opened = await api.request('GET', `/app/v1_0/articles/${chosen[0]}`, undefined, { headers: { trace: 'anything at all' } })
  assert.equal(opened.status, 200)

  answering(peer, [{ article_id: String(chosen[0]), track: null }])
  const untraced = await ranked(api, feed(fresh()))
  assert.deepEqual(untraced.body.data.results[0].trace, { click: '', collect: '', share: '', read: '' })
  assert.equal(peer.requests.at(-1)?.user_id, '')
  answering(peer, [], { time_stamp: '0' })
  assert.deepEqual((await ranked(api, feed(fresh()))).body.data, { pre_timestamp: null, results: [] })
})

test('a recommender that knows no pinned articles shows them where it ranks them', async t => {
  await startPeer()
  const chosen = [7, 3, 99].map(i => published[i] as ArticleId)
  await whole.db
    .insertInto('top_article')
    .values({ channel_id: tech, article_id: chosen[1] as ArticleId, rank: 1 })
    .execute()
  t.after(() => whole.db.deleteFrom('top_article').execute())
  answering(
    peer,
    chosen.map(id => ({ article_id: String(id), track: track(0) })),
  )
  assert.deepEqual(idsOf(await asAlice(api, feed(fresh()).replace('with_top=0', 'with_top=1'))), chosen)
})

const known = (from: number, to: number): Recommended[] =>
  published.slice(from, to).map(id => ({ article_id: String(id), track: track(0) }))
const broken: Record<string, (peer: GrpcPeerServer) => void> = {
  'eleven articles': peer => answering(peer, known(0, 11)),
  'a hundred thousand articles': peer =>
    answering(
      peer,
      Array.from({ length: 100_000 }, () => ({ article_id: '1' })),
    ),
  'a negative id': peer => answering(peer, [...known(0, 5), { article_id: '-5' }]),
  'the id 0': peer => answering(peer, [{ article_id: '0' }]),
  'ten megabytes': peer => answering(peer, known(0, 1), { exposure: 'x'.repeat(10_000_000) }),
  'a negative time_stamp': peer => answering(peer, known(0, 5), { time_stamp: '-1' }),
  'a time_stamp beyond 2^53': peer => answering(peer, known(0, 5), { time_stamp: '9223372036854775807' }),
  'an error': peer => {
    peer.answer = (_request, callback) => callback({ code: grpc.status.INTERNAL, details: 'secret path /etc/passwd' })
  },
  'INVALID_ARGUMENT for a valid request': peer => {
    peer.answer = (_request, callback) => callback({ code: grpc.status.INVALID_ARGUMENT, details: 'secret path /etc/passwd' })
  },
  nothing: peer => {
    peer.answer = () => {}
  },
  'a malformed message': peer => {
    peer.answer = (_request, callback) => callback(null, { recommends: [{ track: { click: 5 } }], exposure: {} })
  },
}
for (const [what, breaks] of Object.entries(broken))
  test(`if a recommender answers with ${what}, a fallback page is shown`, async t => {
    await startPeer()
    breaks(peer)
    const requestsBefore = peer.requests.length
    const began = performance.now()
    const answer = await eventually(
      () => api.request('GET', feed(Date.now())),
      () => peer.requests.length > requestsBefore,
    )
    t.diagnostic(`answered after ${Math.round(performance.now() - began)} ms`)
    assertFallbackPage(answer, published)
    assert.doesNotMatch(answer.text, /passwd/)
  })

test('an article that a recommender returns twice is shown once', async () => {
  await startPeer()
  answering(peer, [...known(4, 7), ...known(5, 6), ...known(0, 2), ...known(4, 5)])
  assert.deepEqual(
    idsOf(await ranked(api, feed(fresh()))),
    [4, 5, 6, 0, 1].map(i => published[i]),
  )
})

test('articles that do not exist are left out', async () => {
  await startPeer()
  answering(peer, [{ article_id: '9223372036854775807' }, ...known(3, 5), { article_id: '12' }])
  assert.deepEqual(idsOf(await ranked(api, feed(fresh()))), published.slice(3, 5))
})

// The feed requests the continuation of a page whose articles are all unknown: this must end.
test('a recommender that returns only unknown articles gets at most ten requests', async () => {
  await startPeer()
  peer.answer = ({ time_stamp }, callback) =>
    callback(null, { exposure: '', time_stamp: String(BigInt(time_stamp ?? 0) - 1n), recommends: [{ article_id: '12' }] })
  const before = peer.requests.length
  assertFallbackPage(await api.request('GET', feed(Date.now())), published)
  assert.ok(peer.requests.length - before <= 10, `${peer.requests.length - before} requests`)
})
