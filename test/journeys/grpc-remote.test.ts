// The recommender elsewhere: ours, somebody else's, and one that answers nonsense. For one that is frozen or dead see
// test/chaos/recommender.

import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import * as grpc from '@grpc/grpc-js'
import type { ArticleId } from '../../src/base/id.ts'
import { assertFallbackPage, idsOf, sourceOf } from '../support/feed-pages.ts'
import { type GrpcPeerServer, startGrpcPeer } from '../support/grpc-peer.ts'
import { type Answer, type Person, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const KEYS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32), PUBLIC_URL: 'https://news.example' }

let whole: Product
let alice: Person
let tech: number
let published: ArticleId[]
let nextStamp = 1_700_000_000_000

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

const fresh = () => nextStamp++
const feed = (stamp: number | bigint) => `/app/v1_1/articles?channel_id=${tech}&timestamp=${stamp}&with_top=0`

/** Serves readers of the same database, and asks for what to show elsewhere. */
async function apiOnly(t: TestContext, address: string, more: Record<string, string> = {}): Promise<Product> {
  const product = await startProduct({
    env: { ...KEYS, DATABASE_URL: whole.databaseUrl, ROLES: 'api', RECOMMENDER_ADDRESS: address, ...more },
  })
  t.after(() => product.app.close()) // its connections: the database has sixty for all of them
  return product
}

/** Asks until the recommender is in time: one elsewhere has 150 ms, and a busy machine takes longer. */
const ranked = (product: Product, path: string, headers: Record<string, string> = {}) =>
  eventually(
    () => product.request('GET', path, undefined, { headers }),
    answer => sourceOf(answer) === 'model' || sourceOf(answer) === 'remainder' || answer.status !== 200,
  )
/** The tokens are the same ones: both products have one key. */
const asAlice = (product: Product, path: string) => ranked(product, path, { authorization: `Bearer ${alice.token}` })

test('a feed is the same, byte for byte, whether its recommender lives in this process or in another', async t => {
  const api = await apiOnly(t, whole.grpc)
  assert.equal(api.grpc, '')
  const answers: Answer[] = []
  for (let stamp: number | null = fresh(); stamp !== null && answers.length < 6; stamp = answers.at(-1)?.body.data.pre_timestamp) {
    const asker = answers.length % 2 ? alice.get : (path: string) => asAlice(api, path)
    answers.push(await asker(feed(stamp)))
    const number: number = stamp
    const [here, there] = await Promise.all([alice.get(feed(number)), asAlice(api, feed(number))])
    assert.equal(there.text, here.text)
    assert.deepEqual([sourceOf(here), sourceOf(there)], ['model', 'model'])
  }
  assert.equal(new Set(answers.flatMap(idsOf)).size, 60, 'one scroll through both of them, and nothing twice')
  assert.match(answers[0]?.text ?? '', /"art_id":\d{19},/)

  const anony = { authorization: 'Anony phone-1' }
  const stamp = (await ranked(api, feed(fresh()), anony)).body.data.pre_timestamp
  const both = await Promise.all([whole, api].map(product => ranked(product, feed(stamp), anony)))
  assert.equal(both[1]?.text, both[0]?.text)
  const first = (await ranked(api, feed(fresh()))).body.data.pre_timestamp
  const nobody = await Promise.all([whole, api].map(product => ranked(product, feed(first))))
  assert.equal(nobody[1]?.text, nobody[0]?.text)
})

test('what is pinned stands above a refresh, and on no other page, wherever the recommender lives, and when it is away', async t => {
  const [pinned] = published as [ArticleId] // which would be among the first ten by itself
  await whole.db.insertInto('top_article').values({ channel_id: tech, article_id: pinned, rank: 1 }).execute()
  t.after(() => whole.db.deleteFrom('top_article').execute())
  const [far, away] = await Promise.all([apiOnly(t, whole.grpc), apiOnly(t, '127.0.0.1:1')])
  for (const [api, asked] of [
    [far, asAlice],
    [
      away,
      (product: Product, path: string) => product.request('GET', path, undefined, { headers: { authorization: `Bearer ${alice.token}` } }),
    ],
  ] as const) {
    const first = await asked(api, feed(fresh()).replace('with_top=0', 'with_top=1'))
    assert.equal(idsOf(first)[0], pinned)
    assert.deepEqual(
      first.body.data.results.map((one: { is_top: number }) => one.is_top),
      [1, ...Array(10).fill(0)],
    )
    const next = await asked(api, feed(first.body.data.pre_timestamp).replace('with_top=0', 'with_top=1'))
    assert.equal(idsOf(next).length, 10)
    assert.ok(next.body.data.results.every((one: { is_top: number }) => one.is_top === 0))
  }
})

test('whoever scrolls while the recommender comes and goes is shown nothing twice', async t => {
  const [there, away] = await Promise.all([apiOnly(t, whole.grpc), apiOnly(t, '127.0.0.1:1')])
  for (const [i, pattern] of ['ssssrrrsrr', 'rsrsrsr', 'srsrrr', 'rrssrrssrr'].entries()) {
    const reader = await whole.signIn('someone', `1390000010${i}`)
    const headers = { authorization: `Bearer ${reader.token}` }
    const shown: bigint[] = []
    let stamp: number = fresh()
    for (const one of pattern) {
      const answer = await (one === 's' ? away.request('GET', feed(stamp), undefined, { headers }) : ranked(there, feed(stamp), headers))
      shown.push(...idsOf(answer))
      stamp = answer.body.data.pre_timestamp
    }
    assert.equal(new Set(shown).size, shown.length, `${pattern}: ${shown.length - new Set(shown).size} twice`)
  }
})

test('what a bound refuses is refused the same way by both', async t => {
  const api = await apiOnly(t, whole.grpc)
  for (const path of ['/app/v1_0/articles?channel_id=-1&timestamp=1', '/app/v1_0/articles?channel_id=999999&timestamp=1']) {
    const [here, there] = await Promise.all([whole.request('GET', path), api.request('GET', path)])
    assert.deepEqual([there.status, there.text], [here.status, here.text])
    assert.equal(there.status, 400)
  }
})

test('an api whose key is wrong shows something simpler, and one whose key is right is answered', async t => {
  const key = 'k'.repeat(32)
  const closed = await startProduct({ env: { ...KEYS, DATABASE_URL: whole.databaseUrl, RECOMMENDER_KEY: key } })
  const [right, wrong] = [
    await apiOnly(t, closed.grpc, { RECOMMENDER_KEY: key }),
    await apiOnly(t, closed.grpc, { RECOMMENDER_KEY: 'x'.repeat(32) }),
  ]
  assert.equal(sourceOf(await ranked(right, feed(fresh()))), 'model')
  const answer = await wrong.request('GET', feed(Date.now()))
  assertFallbackPage(answer, published)
})

let peer: GrpcPeerServer
let api: Product
const PEER_ANSWER: GrpcPeerServer['answer'] = (_request, callback) => callback(null, { exposure: '', time_stamp: 0, recommends: [] })

/** Somebody else's recommender, and a process that asks it: one for all tests, which say what it answers. */
async function somebodyElses(): Promise<void> {
  peer ??= await startGrpcPeer()
  api ??= await startProduct({ env: { ...KEYS, DATABASE_URL: whole.databaseUrl, ROLES: 'api', RECOMMENDER_ADDRESS: peer.address } })
  peer.answer = PEER_ANSWER
  await ranked(api, feed(fresh())) // connected, and not given a rest for what was before
}

type Recommended = { article_id: string; track?: Record<string, string> | null }
const track = (n: number) => ({ click: `点击-${n} «ü» "\\`, collect: `{"n":${n}}`, share: ' ', read: `r${'x'.repeat(300)}` })
const answering = (peer: GrpcPeerServer, recommends: Recommended[], more: { time_stamp?: string; exposure?: string } = {}) => {
  peer.answer = (_request, callback) => callback(null, { exposure: 'page!', time_stamp: '1556789000000', ...more, recommends })
}

test('a recommender that somebody else wrote is shown as it answers, its strings untouched', async () => {
  await somebodyElses()
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

  // A click sends such a string back: it is taken, and opens the article like any other.
  const opened = await api.request('GET', `/app/v1_0/articles/${chosen[0]}`, undefined, { headers: { trace: 'anything at all' } })
  assert.equal(opened.status, 200)

  answering(peer, [{ article_id: String(chosen[0]), track: null }])
  const bare = await ranked(api, feed(fresh()))
  assert.deepEqual(bare.body.data.results[0].trace, { click: '', collect: '', share: '', read: '' })
  assert.equal(peer.requests.at(-1)?.user_id, '')
  answering(peer, [], { time_stamp: '0' })
  assert.deepEqual((await ranked(api, feed(fresh()))).body.data, { pre_timestamp: null, results: [] })
})

test('what is pinned comes where a recommender puts it that does not say with which page a scroll begins', async t => {
  await somebodyElses()
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
  'a time_stamp no number holds': peer => answering(peer, known(0, 5), { time_stamp: '9223372036854775807' }),
  'an error': peer => {
    peer.answer = (_request, callback) => callback({ code: grpc.status.INTERNAL, details: 'secret path /etc/passwd' })
  },
  'INVALID_ARGUMENT for what is right': peer => {
    peer.answer = (_request, callback) => callback({ code: grpc.status.INVALID_ARGUMENT, details: 'secret path /etc/passwd' })
  },
  'nothing, ever': peer => {
    peer.answer = () => {}
  },
  'what is no message': peer => {
    peer.answer = (_request, callback) => callback(null, { recommends: [{ track: { click: 5 } }], exposure: {} })
  },
}
for (const [what, breaks] of Object.entries(broken))
  test(`a recommender that answers with ${what} does no harm: something simpler is shown`, async t => {
    await somebodyElses()
    breaks(peer)
    const asked = peer.requests.length
    const began = performance.now()
    const answer = await eventually(
      () => api.request('GET', feed(Date.now())),
      () => peer.requests.length > asked,
    )
    t.diagnostic(`answered after ${Math.round(performance.now() - began)} ms`)
    assertFallbackPage(answer, published)
    assert.doesNotMatch(answer.text, /passwd/)
  })

test('a recommender that names an article twice has it shown once', async () => {
  await somebodyElses()
  answering(peer, [...known(4, 7), ...known(5, 6), ...known(0, 2), ...known(4, 5)])
  assert.deepEqual(
    idsOf(await ranked(api, feed(fresh()))),
    [4, 5, 6, 0, 1].map(i => published[i]),
  )
})

test('articles that we do not have are left out', async () => {
  await somebodyElses()
  answering(peer, [{ article_id: '9223372036854775807' }, ...known(3, 5), { article_id: '12' }])
  assert.deepEqual(idsOf(await ranked(api, feed(fresh()))), published.slice(3, 5))
})

// src/features/feed/feed.ts asks on, without end and even when the reader has gone, while answers hold unknown articles only.
test('answers of nothing but unknown articles do not go on for ever', async () => {
  await somebodyElses()
  peer.answer = ({ time_stamp }, callback) =>
    callback(null, { exposure: '', time_stamp: String(BigInt(time_stamp ?? 0) - 1n), recommends: [{ article_id: '12' }] })
  const before = peer.requests.length
  assertFallbackPage(await api.request('GET', feed(Date.now())), published)
  assert.ok(peer.requests.length - before <= 10, `${peer.requests.length - before} times asked`)
})
