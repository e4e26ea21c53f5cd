// The ways in which existing clients scroll to the end of their lists, each as its source has it, told in our words: each
// comes to an end, and has shown everything by then. A client that asks too often is one whose list loads for ever.

import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { type Product, startProduct } from '../support/product.ts'

const ARTICLES = 47
const PAGES_MAX = 10 // five with articles, one without; what asks more often never ends
let product: Product
let channel: number
let pinned: bigint
let asked = 0
let mobile = 13_900_000_000

interface Shown {
  pre_timestamp: number | null
  results: { art_id: bigint | string }[]
}
type Ask = (path: string) => Promise<Shown>

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
})

beforeEach(() => {
  asked = 0
})

const counting =
  (get: (path: string) => Promise<{ status: number; body: any }>): Ask =>
  async path => {
    assert.ok(++asked <= PAGES_MAX, 'the list loads for ever')
    const { status, body } = await get(path)
    assert.equal(status, 200)
    return body.data
  }

const viewers: Record<string, () => Promise<Ask>> = {
  'a reader': async () => counting((await product.signIn('someone', String(mobile++))).get),
  'a device': async () => {
    const headers = { authorization: `Anony phone-${mobile++}` }
    return counting(path => product.request('GET', path, undefined, { headers }))
  },
  anonymous: async () => counting(path => product.request('GET', path)),
}

/** Each scrolls a channel to its end and returns its list, in which nothing was ever taken out. */
const clients: Record<string, { withTop: boolean; scroll(ask: Ask, channel: number): Promise<Shown['results']> }> = {
  /** Vue, big numbers: until a page is empty; a number that is falsy means now. Asks for what is pinned with every page. */
  'toutiao-m (TM)': {
    withTop: true,
    async scroll(ask, channel) {
      const list: Shown['results'] = []
      let timestamp: number | null = null
      for (let finished = false; !finished; ) {
        const { results, pre_timestamp } = await ask(
          `/app/v1_1/articles?channel_id=${channel}&timestamp=${timestamp || Date.now()}&with_top=1`,
        )
        list.push(...results)
        if (results.length > 0) timestamp = pre_timestamp
        else finished = true
      }
      return list
    },
  },
  /** Vue 3: until a page is empty; begins with the same number on every day of the year. */
  'toutiao-m by ioswukai (IO)': {
    withTop: true,
    async scroll(ask, channel) {
      const list: Shown['results'] = []
      let current: number | string | null = ''
      for (let finished = false; !finished; ) {
        const { results, pre_timestamp } = await ask(
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
  /** React, ids as text: until there is no number; what comes with none is still shown. */
  'geek-h5 by icehim (IC)': {
    withTop: false,
    async scroll(ask, channel) {
      const data: Shown['results'] = []
      let timestamp = Date.now()
      for (let hasMore = true; hasMore; ) {
        const { results, pre_timestamp } = await ask(`/v1_0/articles?channel_id=${channel}&timestamp=${timestamp}`)
        data.push(...results)
        if (pre_timestamp) timestamp = pre_timestamp
        else hasMore = false
      }
      return data
    },
  },
  /** React: a first page, and more as long as the last one came with a number, which is made one. */
  'geek-h5 by guqianfeng (GU)': {
    withTop: false,
    async scroll(ask, channel) {
      const page = await ask(`/v1_0/articles?channel_id=${channel}&timestamp=${Date.now()}`)
      while (page.pre_timestamp) {
        const more = await ask(`/v1_0/articles?channel_id=${channel}&timestamp=${+page.pre_timestamp}`)
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
        assert.equal(asked, 6)
      })

test('toutiao-m (TM): a pull during a scroll adds a page on top, and the scroll continues to its end', async () => {
  const ask = await (viewers['a reader'] as () => Promise<Ask>)()
  const page = (timestamp: number) => ask(`/app/v1_1/articles?channel_id=${channel}&timestamp=${timestamp}&with_top=1`)
  const first = await page(Date.now())
  const second = await page(first.pre_timestamp as number)
  const list = [...first.results, ...second.results]
  list.unshift(...(await page(Date.now() + 1)).results)
  // It goes on where it was, not below what the pull brought.
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
      asked = 0
      assert.deepEqual(await scroll(await asker(), empty), [])
      assert.equal(asked, 1)
    }
  })
