import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { createPinnedArticles } from '../pinned/pinned.ts'
import { createFindPinnedItems } from './pinned-items.ts'

test('nothing is shown above a page, and the page goes on, while nobody can say what its reader has turned down', async () => {
  const database = await testDatabase()
  const { db } = database
  const [author, reader, article] = [1n as ReaderId, 2n as ReaderId, 10n as ArticleId]
  await db.insertInto('reader').values({ id: author, name: 'alice' }).execute()
  const { id: channel } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  await db
    .insertInto('article')
    .values({ id: article, author_id: author, channel_id: channel, title: 't', status: 2, published_at: new Date() })
    .execute()
  const tops = createPinnedArticles({ db, clock: Date.now })
  await tops.add(channel, article)
  const look = createFindPinnedItems(tops, () => ({ click: '', collect: '', share: '', read: '' }))
  const above = await look({ kind: 'reader', id: reader }, channel, true)
  const answer = { exposure: '', stamp: 1, begins: true, items: [] }
  assert.equal((await above.shownWith(answer)).length, 1)
  await database.close()
  assert.deepEqual((await look({ kind: 'reader', id: reader }, channel, true)).pinned, [article])
  assert.deepEqual(await above.shownWith(answer), [])
})
