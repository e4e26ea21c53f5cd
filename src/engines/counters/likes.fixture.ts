// Readers and articles that tests of the table engine count: three hundred readers, and two articles before each test.

import { beforeEach } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { foldCounters } from './fold.ts'
import { tableCounters } from './table.ts'

export const READERS = 300
export const readerIds = Array.from({ length: READERS }, (_, n) => (2n ** 60n + BigInt(n)) as ReaderId)
export const [author, other] = readerIds as [ReaderId, ReaderId]
export const article = (2n ** 61n + 1n) as ArticleId
export const sibling = (article + 1n) as ArticleId

const newArticle = (id: ArticleId) => ({ id, author_id: author, channel_id: 1, title: 'title', status: 2, published_at: new Date(0) })
export const like = (reader_id: ReaderId, article_id: ArticleId = article) => ({ reader_id, article_id, value: 1 })

export async function openLikes() {
  const { db, pool } = await testDatabase()
  const counters = tableCounters(db)
  await db.insertInto('channel').values({ id: 1, name: 'channel' }).execute()
  await db
    .insertInto('reader')
    .values(readerIds.map(id => ({ id, name: `reader ${id}` })))
    .execute()
  beforeEach(async () => {
    for (const table of ['behaviour', 'collection', 'attitude', 'article', 'counter', 'counter_delta'] as const)
      await db.deleteFrom(table).execute()
    await db.insertInto('article').values([article, sibling].map(newArticle)).execute()
  })
  return {
    db,
    pool,
    counters,
    likes: async (id: bigint = article) => (await counters.read(['article.likes'], [id]))(id, 'article.likes'),
    async foldAll() {
      while ((await foldCounters(db)) > 0);
    },
  }
}
