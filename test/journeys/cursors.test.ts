// Unusual and invalid values of timestamp, channel_id and with_top, and a feed whose change log is held back.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import pg from 'pg'
import type { ArticleId } from '../../src/base/id.ts'
import { editorOf } from '../support/editor.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, type Product } from '../support/product.ts'
import { useSharedProduct } from '../support/shared-product.ts'

let product: Product
let tech: number
let phone = 13_901_000_000

before(async () => {
  product = await useSharedProduct()
  tech = await product.createChannel('科技')
  await product.publish(Array.from({ length: 45 }, (_, i) => ({ channel: tech, ageSeconds: i * 60 + 1 })))
})

const signInReader = () => product.signIn('someone', String(phone++))
const feed = (cursor: unknown, channel: unknown = tech) => `/app/v1_1/articles?channel_id=${channel}&timestamp=${cursor}&with_top=1`
const idsOf = (answer: Answer): bigint[] => answer.body.data.results.map((one: { art_id: bigint }) => one.art_id)
const asDevice = (path: string) => product.request('GET', path, undefined, { headers: { authorization: 'Anony cursors-phone' } })
const asAnonymous = (path: string) => product.request('GET', path)

test('a timestamp that is no positive number is refused by name', async () => {
  const reader = await signInReader()
  for (const get of [reader.get, asDevice, asAnonymous])
    for (const cursor of [0, -1, 'abc', '', '1.5', '1e13', 'null', 'NaN', '9'.repeat(65)]) {
      const answer = await get(feed(cursor))
      assert.equal(answer.status, 400, String(cursor))
      assert.match(answer.body.message, /^timestamp /)
    }
})

test('a timestamp from any clock, however wrong, begins a feed session that continues', async () => {
  for (const cursor of [1, 999, 10n ** 15n, 2n ** 53n, 2n ** 63n, 10n ** 30n]) {
    const reader = await signInReader()
    for (const get of [reader.get, asAnonymous]) {
      const first = await get(feed(cursor))
      assert.equal(idsOf(first).length, 10, String(cursor))
      const next = await get(feed(first.body.data.pre_timestamp))
      assert.equal(new Set([...idsOf(first), ...idsOf(next)]).size, 20)
    }
  }
})

test("another reader's cursor is a refresh, and reveals nothing of their page", async () => {
  const [alice, mallory] = [await signInReader(), await signInReader()]
  const first = await alice.get(feed(AN_HOUR_AGO))
  const cursor = first.body.data.pre_timestamp
  const second = await alice.get(feed(cursor))
  for (const get of [mallory.get, asDevice, asAnonymous]) {
    const stolen = await get(feed(cursor))
    assert.equal(stolen.status, 200)
    // The answer is a refresh: not the continuation of her page, and with tokens that are not hers.
    assert.notDeepEqual(idsOf(stolen), idsOf(second))
    const hers = new Set(second.body.data.results.map((one: { trace: { click: string } }) => one.trace.click))
    for (const one of stolen.body.data.results) assert.ok(!hers.has(one.trace.click))
  }
  assert.deepEqual((await alice.get(feed(cursor))).body.data, second.body.data)
  const pages = await product.db.selectFrom('page').select('viewer').where('stamp', '=', BigInt(cursor)).execute()
  assert.deepEqual(pages, [{ viewer: `r${alice.id}` }])
})

test('a cursor of one channel is a refresh in another', async () => {
  const reader = await signInReader()
  const first = await reader.get(feed(AN_HOUR_AGO))
  const elsewhere = await reader.get(feed(first.body.data.pre_timestamp, 0))
  assert.equal(idsOf(elsewhere).length, 10)
  assert.deepEqual(
    idsOf(elsewhere).filter(id => idsOf(first).includes(id)),
    [],
  )
})

test('a channel that does not exist is refused', async () => {
  const reader = await signInReader()
  for (const get of [reader.get, asDevice, asAnonymous])
    for (const channel of [99_999, -1, 'abc', '', 2 ** 31, '1.5', '9'.repeat(30)]) {
      const answer = await get(feed(1, channel))
      assert.equal(answer.status, 400, String(channel))
      assert.match(answer.body.message, /^channel_id /)
    }
})

test('with_top is 0, 1, true or false, and required under v1_1', async () => {
  const answers = await Promise.all(
    ['0', '1', 'true', 'false', '2', 'yes', ''].map(top =>
      asAnonymous(`/app/v1_1/articles?channel_id=${tech}&timestamp=1&with_top=${top}`),
    ),
  )
  assert.deepEqual(
    answers.map(answer => answer.status),
    [200, 200, 200, 200, 400, 400, 400],
  )
  assert.equal((await asAnonymous(`/v1_0/articles?channel_id=${tech}&timestamp=1`)).status, 200)
})

test('a number that a client sent for a refresh is never issued as a cursor later', async () => {
  const reader = await signInReader()
  const first = (await reader.get(feed(AN_HOUR_AGO))).body.data.pre_timestamp
  const own = first - 4 // the fourth cursor from here, counting down
  const sent = await reader.get(feed(own))
  let cursor = sent.body.data.pre_timestamp
  for (let page = 1; page <= 4; page++) {
    assert.notEqual(cursor, own)
    cursor = (await reader.get(feed(cursor))).body.data.pre_timestamp
  }
  assert.equal((await reader.get(feed(own))).text, sent.text, 'the same refresh sent again is a retry')
})

// The change log delivers nothing meanwhile.
test('the feed shows renamed, withdrawn and pinned articles correctly while a writing transaction stays open', async () => {
  const { db } = product
  const channel = await product.createChannel('体育')
  const articles = await product.publish(Array.from({ length: 9 }, (_, i) => ({ channel, ageSeconds: i * 60 + 1 })))
  const [renamed, withdrawn, first, second] = articles as [ArticleId, ArticleId, ArticleId, ArticleId]
  await editorOf({ db }).pin(channel, first)
  const feed = `/app/v1_1/articles?channel_id=${channel}&timestamp=${AN_HOUR_AGO}&with_top=1`
  const shown = (answer: Answer) =>
    new Map<bigint, { title: string; is_top: number }>(answer.body.data.results.map((card: any) => [BigInt(card.art_id), card]))
  const pinnedIds = (answer: Answer) => [...shown(answer)].filter(([, card]) => card.is_top === 1).map(([id]) => id)
  await product.waitOnAllApis(feed, answer => shown(answer).size === 9 && pinnedIds(answer).includes(first))
  const writer = new pg.Client({ connectionString: product.databaseUrl })
  await writer.connect()
  await writer.query('begin; select pg_current_xact_id()')
  try {
    await db.updateTable('article').set({ title: 'renamed' }).where('id', '=', renamed).execute()
    await db.updateTable('article').set({ status: 4 }).where('id', '=', withdrawn).execute()
    await editorOf({ db }).pin(channel, second)
    await product.waitOnAllApis(feed, answer => shown(answer).get(renamed)?.title === 'renamed')
    await product.waitOnAllApis(feed, answer => !shown(answer).has(withdrawn))
    await product.waitOnAllApis(feed, answer => pinnedIds(answer).includes(second))
  } finally {
    await writer.end()
  }
  assert.ok(shown(await product.request('GET', feed)).has(first))
})
