import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { editorOf } from '../../../test/support/editor.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { createMetrics } from '../../base/metrics.ts'
import { tableCounters } from '../../engines/counters/table.ts'
import type { RecommendResponse } from '../../recommend/contract.ts'
import { createCardJson } from '../cards/card-json.ts'
import type { LoadCards } from '../cards/card-rows.ts'
import { findCardRows } from '../cards/cards.sql.ts'
import { createCards } from '../cards/cards.ts'
import { createPinnedArticles } from '../pinned/pinned.ts'
import { createFeed } from './feed.ts'
import { createFindPinnedItems } from './items-above-page.ts'

test('two viewers with the same response get pages of their own if one has rejected a pinned article', async () => {
  const { db } = await testDatabase()
  const [author, alice, bob] = [1n, 2n, 3n] as [ReaderId, ReaderId, ReaderId]
  const [pinned, other] = [10n, 11n] as [ArticleId, ArticleId]
  for (const id of [author, alice, bob])
    await db
      .insertInto('reader')
      .values({ id, name: `reader ${id}` })
      .execute()
  const { id: channelId } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  for (const id of [pinned, other])
    await db
      .insertInto('article')
      .values({ id, author_id: author, channel_id: channelId, title: 't', status: 2, published_at: new Date() })
      .execute()
  await db.insertInto('attitude').values({ reader_id: alice, article_id: pinned, value: 0 }).execute()
  const pinnedArticles = createPinnedArticles({ db })
  await editorOf({ db }).pin(channelId, pinned)

  const tokens = { click: '', collect: '', share: '', read: '' }
  const loadCards: LoadCards = async ids => (await findCardRows(db, [...ids])).map(row => ({ ...row, authorName: 'a' }))
  const texts = { absoluteUrl: (path: string) => path, localTime: String }
  const cards = createCards({
    loadCards,
    counters: tableCounters(db),
    cardJson: createCardJson({ loadCards, current: () => true, ...texts }),
    ...texts,
  })
  const response: RecommendResponse = { exposureToken: '', nextCursor: 1, isFirstPage: true, items: [{ articleId: other, tokens }] }
  const recommender = { recommend: async () => response }
  const findPinnedItems = createFindPinnedItems(pinnedArticles, () => tokens)
  const needs = { cards, findPinnedItems, channelExists: async () => true, metrics: createMetrics() }
  const feed = createFeed({ recommender, fallback: recommender, ...needs })
  const shownTo = async (id: ReaderId) => {
    const { json } = await feed.page({ kind: 'reader', id }, { channelId, cursor: 1, withTop: true }, String)
    return JSON.parse(json.toString()).data.results.map((card: { art_id: number }) => BigInt(card.art_id))
  }
  assert.deepEqual(await shownTo(alice), [other], 'alice dislikes the pinned article')
  assert.deepEqual(await shownTo(bob), [pinned, other])
  assert.deepEqual(await shownTo(alice), [other])
})
