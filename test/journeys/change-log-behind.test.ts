// While a transaction that writes stays open, the change log delivers nothing. Readers see changes all the same.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { ArticleId } from '../../src/base/id.ts'
import { editorOf } from '../support/editor.ts'
import { AN_HOUR_AGO } from '../support/feed-pages.ts'
import { type Answer, startProduct } from '../support/product.ts'

const NOW = AN_HOUR_AGO

test('the feed shows renamed, withdrawn and pinned articles correctly while a writing transaction stays open', async () => {
  const product = await startProduct()
  const { db } = product
  const channel = await product.createChannel('科技')
  const articles = await product.publish(Array.from({ length: 9 }, (_, i) => ({ channel, ageSeconds: i * 60 + 1 })))
  const [renamed, withdrawn, first, second] = articles as [ArticleId, ArticleId, ArticleId, ArticleId]
  await editorOf({ db }).pin(channel, first)
  const feed = `/app/v1_1/articles?channel_id=${channel}&timestamp=${NOW}&with_top=1`
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
