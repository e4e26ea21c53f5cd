import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { editorOf } from '../../../test/support/editor.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { createPinnedArticles } from '../pinned/pinned.ts'
import { createFindPinnedItems } from './items-above-page.ts'

test('no pinned article is shown while it cannot be read which of them the reader has put away', async () => {
  const database = await testDatabase()
  const { db } = database
  const [author, reader, article] = [1n as ReaderId, 2n as ReaderId, 10n as ArticleId]
  await db.insertInto('reader').values({ id: author, name: 'alice' }).execute()
  const { id: channel } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  await db
    .insertInto('article')
    .values({ id: article, author_id: author, channel_id: channel, title: 't', status: 2, published_at: new Date() })
    .execute()
  const pinnedArticles = createPinnedArticles({ db })
  await editorOf({ db }).pin(channel, article)
  const findPinnedItems = createFindPinnedItems(pinnedArticles, () => ({ click: '', collect: '', share: '', read: '' }))
  const pinned = await findPinnedItems({ kind: 'reader', id: reader }, channel, true)
  const response = { exposureToken: '', nextCursor: 1, isFirstPage: true, items: [] }
  assert.equal((await pinned.itemsAbove(response)).length, 1)
  await database.close()
  assert.deepEqual((await findPinnedItems({ kind: 'reader', id: reader }, channel, true)).shownIds, [article])
  assert.deepEqual(await pinned.itemsAbove(response), [])
})
