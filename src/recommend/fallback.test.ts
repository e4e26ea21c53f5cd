import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/support/database.ts'
import type { ArticleId, ReaderId } from '../base/id.ts'
import type { Viewer } from '../base/viewer.ts'
import { createFallback } from './fallback.ts'
import { createTokenSigner } from './tracking-tokens.ts'

const { db } = await testDatabase()
const ids = Array.from({ length: 25 }, (_, i) => BigInt(100 + i) as ArticleId)
const viewer: Viewer = { kind: 'reader', id: 1n as ReaderId }

await db
  .insertInto('reader')
  .values({ id: 1n as ReaderId, name: 'alice' })
  .execute()
const { id: channelId } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
await db
  .insertInto('article')
  .values(ids.map(id => ({ id, author_id: 1n as ReaderId, channel_id: channelId, title: 't', status: 2, published_at: new Date(0) })))
  .execute()

const fallback = createFallback({ db, clock: Date.now, tokenSigner: createTokenSigner('a secret of at least 32 characters') })

/** Scrolls until a page is empty; the articles of each page. */
async function scroll(): Promise<ArticleId[][]> {
  const pages: ArticleId[][] = []
  for (let cursor = Date.now(); pages.length < 10; ) {
    const { items, nextCursor } = await fallback.recommend({ viewer, channelId, count: 10, cursor })
    if (items.length === 0) break
    pages.push(items.map(item => item.articleId))
    cursor = nextCursor
  }
  return pages
}

test('a reader who has seen everything is shown it again while the recommender is away, each article once', async () => {
  await sql`insert into seen_day (viewer, day, article_ids) values ('r1', current_date - 1, ${ids}::bigint[])`.execute(db)
  const pages = await scroll()
  assert.deepEqual(
    pages.map(page => page.length),
    [10, 10, 5],
  )
  assert.deepEqual(pages.flat().toSorted(), ids)
})

test('what a reader has not seen comes first', async () => {
  const unseen = ids.slice(20)
  await sql`update seen_day set article_ids = ${ids.slice(0, 20)}::bigint[] where viewer = 'r1'`.execute(db)
  assert.deepEqual((await scroll())[0]?.toSorted(), unseen)
})
