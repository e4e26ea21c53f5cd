// Two recommender processes that serve the same viewer in turn.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../src/base/id.ts'
import { AN_HOUR_AGO, idsOf } from '../support/feed-pages.ts'
import { type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const KEYS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32) }

let one: Product
let other: Product
let channel: ChannelId
/** Wrote every other article. */
let unwanted: ReaderId

before(async () => {
  one = await startProduct({ env: KEYS, alwaysEmbedded: true })
  channel = await one.createChannel('科技')
  const authors = [await one.signIn('alice'), await one.signIn('mallory')] as const
  unwanted = authors[1].id
  await one.publish(Array.from({ length: 60 }, (_, i) => ({ channel, author: authors[i % 2 ? 1 : 0].id, ageSeconds: i * 60 + 1 })))
  other = await startProduct({ env: { ...KEYS, DATABASE_URL: one.databaseUrl } })
  await eventually(
    () => other.request('GET', '/metrics'),
    ({ text }) => text.includes('\ncatalogue_articles 60\n'),
  )
})

test('a ranked buffer is not used after another process has served the viewer, and no article is shown twice', async () => {
  let cursor = AN_HOUR_AGO
  for (const [here, there] of [
    [channel, channel],
    [channel, 0],
    [0, channel],
  ] as const) {
    const feed = (product: Product, id: number, at: number) =>
      product.request('GET', `/app/v1_1/articles?channel_id=${id}&timestamp=${at}&with_top=0`, undefined, {
        headers: { authorization: `Anony phone-${here}-${there}` },
      })
    const first = await feed(one, here, cursor++)
    const second = await feed(one, here, first.body.data.pre_timestamp)
    assert.equal(second.headers.get('x-feed-source'), 'remainder')
    const between = await feed(other, there, cursor++)
    const third = await feed(one, here, second.body.data.pre_timestamp)
    assert.equal(third.headers.get('x-feed-source'), 'model')
    assert.equal(new Set([first, second, between, third].flatMap(idsOf)).size, 40, 'no article is shown twice')
    assert.equal((await feed(one, here, third.body.data.pre_timestamp)).headers.get('x-feed-source'), 'remainder')
  }
})

const articlesByAge = async () => (await one.db.selectFrom('published_article').select('id').orderBy('id').execute()).map(({ id }) => id)
const feedNow = () => `/app/v1_1/articles?channel_id=0&timestamp=${Date.now()}&with_top=0`
const deviceOf = (name: string) => (product: Product, path: string) =>
  product.request('GET', path, undefined, { headers: { authorization: `Anony ${name}` } })

test('what a viewer did by way of another process a moment ago is in their next page, though this one remembers them', async () => {
  // Each time another device: one whose page was refused is not remembered.
  for (let round = 0; round < 3; round++) {
    const get = deviceOf(`phone-clicks-${round}`)
    const shown = new Set(idsOf(await get(one, feedNow())))
    const clicked = (await articlesByAge()).filter(id => !shown.has(id)).slice(0, 5)
    // The first by way of this one, which then ranks the refresh ahead.
    for (const [i, id] of clicked.entries()) await get(i === 0 ? one : other, `/app/v1_0/articles/${id}`)
    await one.waitForBehaviours(`dphone-clicks-${round}`, 5)
    for (const id of idsOf(await get(one, feedNow()))) assert.ok(!clicked.includes(id as ArticleId), 'it was clicked')
  }
})

test('a page of another process that was continued there is seen here', async () => {
  const get = deviceOf('phone-continues')
  await get(one, feedNow())
  const seen = await get(other, feedNow())
  await get(other, `/app/v1_1/articles?channel_id=0&timestamp=${seen.body.data.pre_timestamp}&with_top=0`)
  for (let i = 0; i < 3; i++) for (const id of idsOf(await get(one, feedNow()))) assert.ok(!idsOf(seen).includes(id), 'it was seen')
})

test('what a reader puts away by way of another process is not on their next page', async () => {
  const reader = await one.signIn('bob')
  const headers = { authorization: `Bearer ${reader.token}` }
  const refresh = async () => idsOf(await one.request('GET', feedNow(), undefined, { headers }))
  const put = async (path: string, body: object) => assert.ok((await other.request('POST', path, body, { headers })).status < 300, path)
  // Served again after everything else: with the rest clicked, it would be on the next page.
  const [first] = await refresh()
  const rest = (await articlesByAge()).filter(id => id !== first)
  await refresh()
  for (const id of rest.slice(0, 55)) await one.request('GET', `/app/v1_0/articles/${id}`, undefined, { headers })
  await one.waitForBehaviours(`r${reader.id}`, 55)
  assert.ok((await refresh()).includes(first as bigint))
  await put('/v1_0/article/dislikes', { target: String(first) })
  assert.ok(!(await refresh()).includes(first as bigint))
})

for (const [what, path, body] of [
  ['blocks', '/app/v1_0/user/blacklists', () => ({ target: unwanted })],
  ['mutes', '/v1/mutes', () => ({ kind: 'author', target: String(unwanted) })],
] as const)
  test(`an author whom a reader ${what} by way of another process is not on their next page`, async () => {
    const reader = await one.signIn('reader', what === 'blocks' ? '13700000001' : '13700000002')
    const headers = { authorization: `Bearer ${reader.token}` }
    const isShown = async () =>
      (await one.request('GET', feedNow(), undefined, { headers })).body.data.results.some(
        (card: { aut_id: bigint }) => card.aut_id === unwanted,
      )
    assert.ok(await isShown())
    assert.ok((await other.request('POST', path, body(), { headers })).status < 300)
    assert.ok(!(await isShown()))
  })

test('the last page is no end of the feed for a request that another one stores it beside', async () => {
  const small = await one.createChannel('科学')
  const ids = await one.publish(Array.from({ length: 15 }, () => ({ channel: small })))
  const feed = (product: Product, cursor: number) =>
    product.request('GET', `/app/v1_1/articles?channel_id=${small}&timestamp=${cursor}&with_top=0`, undefined, {
      headers: { authorization: 'Anony phone-last' },
    })
  const first = await feed(one, Date.now())
  const cursor = first.body.data.pre_timestamp
  const last = ids.filter(id => !idsOf(first).includes(id))
  const [asked] = await one.db.transaction().execute(async tx => {
    // What was seen is read later than what the cursor is.
    await sql`lock table seen_day in access exclusive mode`.execute(tx)
    const asked = feed(other, cursor)
    await eventually(
      async () => (await sql`select from pg_locks where not granted and relation = 'seen_day'::regclass`.execute(one.db)).rows.length,
      waiting => waiting > 0,
    )
    await sql`
      insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy)
      select id + 1, viewer, channel_id, scroll, older, older - 1, ${last}::bigint[], sources[1:5], propensity[1:5], policy
        from page where viewer = 'dphone-last'`.execute(tx)
    return [asked]
  })
  assert.deepEqual(idsOf(await asked), last)
  assert.deepEqual(idsOf(await feed(one, cursor)), last)
})
