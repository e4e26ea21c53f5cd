// The ways in which existing clients scroll to the end of a list, rewritten from their sources. Each must come to an end and
// must have shown every article by then. A client that sends too many requests has a list that loads for ever.

import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const ARTICLES = 47
const PAGES_MAX = 10 // five with articles and one without; more requests mean an endless list
let product: Product
let channel: number
let pinned: bigint
let requests = 0
let mobile = 13_900_000_000

interface Shown {
  pre_timestamp: number | null
  results: { art_id: bigint | string }[]
}
type Fetch = (path: string) => Promise<Shown>

before(async () => {
  product = await startProduct()
  channel = await product.createChannel('科技')
  const ids = await product.publish(Array.from({ length: ARTICLES }, (_, i) => ({ channel, ageSeconds: i * 60 + 1 })))
  pinned = ids[20] as bigint
  for (const channel_id of [0, channel])
    await product.db
      .insertInto('top_article')
      .values({ channel_id, article_id: ids[20] as never, rank: 1 })
      .execute()
  const early = { headers: { authorization: 'Anony early' } } // what anonymous viewers get is ranked once a minute
  for (const id of [0, channel])
    await eventually(
      () => product.request('GET', `/app/v1_1/articles?channel_id=${id}&timestamp=${Date.now()}&with_top=1`, undefined, early),
      ({ body }) => body.data.results[0].is_top === 1,
    )
})

beforeEach(() => {
  requests = 0
})

const counting =
  (get: (path: string) => Promise<{ status: number; body: any }>): Fetch =>
  async path => {
    assert.ok(++requests <= PAGES_MAX, 'the list loads for ever')
    const { status, body } = await get(path)
    assert.equal(status, 200)
    return body.data
  }

const viewers: Record<string, () => Promise<Fetch>> = {
  'a reader': async () => counting((await product.signIn('someone', String(mobile++))).get),
  'a device': async () => {
    const headers = { authorization: `Anony phone-${mobile++}` }
    return counting(path => product.request('GET', path, undefined, { headers }))
  },
  anonymous: async () => counting(path => product.request('GET', path)),
}

/** Each scrolls a channel to its end and returns the client's list. */
const clients: Record<string, { withTop: boolean; scroll(fetchPage: Fetch, channel: number): Promise<Shown['results']> }> = {
  /** Vue, ids as big numbers: until a page is empty. A falsy timestamp means now. Requests pinned articles with every page. */
  'toutiao-m (TM)': {
    withTop: true,
    async scroll(fetchPage, channel) {
      const list: Shown['results'] = []
      let timestamp: number | null = null
      for (let finished = false; !finished; ) {
        const { results, pre_timestamp } = await fetchPage(
          `/app/v1_1/articles?channel_id=${channel}&timestamp=${timestamp || Date.now()}&with_top=1`,
        )
        list.push(...results)
        if (results.length > 0) timestamp = pre_timestamp
        else finished = true
      }
      return list
    },
  },
  /** Vue 3: until a page is empty. Always starts with the same timestamp. */
  'toutiao-m by ioswukai (IO)': {
    withTop: true,
    async scroll(fetchPage, channel) {
      const list: Shown['results'] = []
      let current: number | string | null = ''
      for (let finished = false; !finished; ) {
        const { results, pre_timestamp } = await fetchPage(
          `/app/v1_1/articles?channel_id=${channel}&timestamp=${current || '1556789000001'}&with_top=1`,
        )
        if (results.length > 0) {
          list.push(...results)
          current = pre_timestamp
        } else finished = true
      }
      return list
    },
  },
  /** React, ids as text: until a page has no timestamp; that page is still shown. */
  'geek-h5 by icehim (IC)': {
    withTop: false,
    async scroll(fetchPage, channel) {
      const data: Shown['results'] = []
      let timestamp = Date.now()
      for (let hasMore = true; hasMore; ) {
        const { results, pre_timestamp } = await fetchPage(`/v1_0/articles?channel_id=${channel}&timestamp=${timestamp}`)
        data.push(...results)
        if (pre_timestamp) timestamp = pre_timestamp
        else hasMore = false
      }
      return data
    },
  },
  /** React: continues while the last page had a timestamp, which is converted to a number. */
  'geek-h5 by guqianfeng (GU)': {
    withTop: false,
    async scroll(fetchPage, channel) {
      const page = await fetchPage(`/v1_0/articles?channel_id=${channel}&timestamp=${Date.now()}`)
      while (page.pre_timestamp) {
        const more = await fetchPage(`/v1_0/articles?channel_id=${channel}&timestamp=${+page.pre_timestamp}`)
        page.results.push(...more.results)
        page.pre_timestamp = more.pre_timestamp
      }
      return page.results
    },
  },
}

for (const [client, { withTop, scroll }] of Object.entries(clients))
  for (const [who, asker] of Object.entries(viewers))
    for (const [where, at] of [
      ['the recommended channel', () => 0],
      ['a channel', () => channel],
    ] as const)
      test(`${client}: ${who} scrolls to the end of ${where}, and has seen every article once`, async () => {
        const list = await scroll(await asker(), at())
        const ids = list.map(one => BigInt(one.art_id))
        assert.equal(ids.length, ARTICLES)
        assert.equal(new Set(ids).size, ARTICLES)
        if (withTop) assert.equal(ids[0], pinned)
        assert.equal(requests, 6)
      })

test('toutiao-m (TM): a pull during a scroll adds a page on top, and the scroll continues to its end', async () => {
  const fetchPage = await (viewers['a reader'] as () => Promise<Fetch>)()
  const page = (timestamp: number) => fetchPage(`/app/v1_1/articles?channel_id=${channel}&timestamp=${timestamp}&with_top=1`)
  const first = await page(Date.now())
  const second = await page(first.pre_timestamp as number)
  const list = [...first.results, ...second.results]
  list.unshift(...(await page(Date.now() + 1)).results)
  // The scroll continues where it was, and not below the pulled page.
  for (let timestamp = second.pre_timestamp; timestamp; ) {
    const { results, pre_timestamp } = await page(timestamp)
    list.push(...results)
    timestamp = pre_timestamp
  }
  assert.equal(new Set(list.map(one => one.art_id)).size, ARTICLES)
})

for (const [client, { scroll }] of Object.entries(clients))
  test(`${client}: a channel without articles ends at once`, async () => {
    const empty = await product.createChannel(`空 ${client.slice(-3)}`)
    for (const asker of Object.values(viewers)) {
      requests = 0
      assert.deepEqual(await scroll(await asker(), empty), [])
      assert.equal(requests, 1)
    }
  })
