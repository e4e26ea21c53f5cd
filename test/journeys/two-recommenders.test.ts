// Two recommender processes that serve the same viewer in turn.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, type Product, startProduct } from '../support/product.ts'
import { eventually } from '../support/waiting.ts'

const KEYS = { TRACE_KEY: 't'.repeat(32), TOKEN_KEY: 'o'.repeat(32) }
const idsOf = (answer: Answer): bigint[] => answer.body.data.results.map((card: { art_id: bigint }) => card.art_id)

test('a ranked buffer is not used after another process has served the viewer, and no article is shown twice', async () => {
  const one = await startProduct({ env: KEYS, alwaysEmbedded: true })
  const channel = await one.createChannel('科技')
  await one.publish(Array.from({ length: 60 }, (_, i) => ({ channel, ageSeconds: i * 60 + 1 })))
  const other = await startProduct({ env: { ...KEYS, DATABASE_URL: one.databaseUrl } })
  await eventually(
    () => other.request('GET', '/metrics'),
    ({ text }) => text.includes('\ncatalogue_articles 60\n'),
  )
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
