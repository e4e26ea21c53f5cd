import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../test/support/database.ts'
import { PATIENCE_MS } from '../../test/support/waiting.ts'
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

// Patient, so that a busy machine does not change what is shown.
const createOne = () =>
  createFallback({ db, clock: Date.now, tokenSigner: createTokenSigner('a secret of at least 32 characters'), stepMs: PATIENCE_MS })

beforeEach(async () => {
  await db.deleteFrom('seen_day').execute()
  await db.deleteFrom('page').execute()
})

/** Scrolls until a page is empty; the articles of each page. `afterPage` runs between two pages. */
async function scroll(
  fallback = createOne(),
  cursor = Date.now(),
  afterPage?: (page: ArticleId[]) => Promise<unknown>,
): Promise<ArticleId[][]> {
  const pages: ArticleId[][] = []
  for (; pages.length < 10; ) {
    const { items, nextCursor } = await fallback.recommend({ viewer, channelId, count: 10, cursor })
    if (items.length === 0) break
    const page = items.map(item => item.articleId)
    pages.push(page)
    await afterPage?.(page)
    cursor = nextCursor
  }
  return pages
}

const addSeen = (seen: ArticleId[]) =>
  sql`insert into seen_day (viewer, day, article_ids) values ('r1', current_date - 1, ${seen}::bigint[])
      on conflict (viewer, day) do update set article_ids = seen_day.article_ids || excluded.article_ids`.execute(db)

/** Stores pages of ten, as the recommender does, half an hour ago; the cursor that continues the last one. */
async function insertPages(served: ArticleId[]): Promise<number> {
  const newest = 1_795_174_022_000
  let older = newest
  for (let at = 0; at < served.length; at += 10) {
    const part = served.slice(at, at + 10)
    await sql`
      insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, made_at)
      values (${1_000 + at}, 'r1', ${channelId}, 1000, ${older}, ${older - 1}, ${part}::bigint[], array_fill(0::smallint, array[${part.length}::int]),
              array_fill(1000::smallint, array[${part.length}::int]), 1, now() - interval '30 minutes')`.execute(db)
    older--
  }
  return older
}

const lengths = (pages: ArticleId[][]) => pages.map(page => page.length)

test('a reader who has seen everything is shown it again while the recommender is away, each article once', async () => {
  await addSeen(ids)
  const pages = await scroll()
  assert.deepEqual(lengths(pages), [10, 10, 5])
  assert.deepEqual(pages.flat().toSorted(), ids)
})

for (const unseenCount of [1, 5, 10, 12, 24]) {
  for (const [where, unseen] of [
    ['newest', ids.slice(-unseenCount)],
    ['oldest', ids.slice(0, unseenCount)],
  ] as const)
    test(`with ${unseenCount} of 25 articles unseen, the ${where}, they come first, and then the others, each once`, async () => {
      await addSeen([...new Set(ids).difference(new Set(unseen))])
      const pages = await scroll()
      assert.deepEqual(lengths(pages), [10, 10, 5])
      assert.deepEqual(pages.flat().slice(0, unseenCount).toSorted(), unseen.toSorted())
      assert.deepEqual(pages.flat().toSorted(), ids)
    })
}

test('a refresh shows what was served half an hour ago, if there is nothing else', async () => {
  await insertPages(ids)
  assert.deepEqual(lengths(await scroll()), [10, 10, 5])
})

test('a session that the recommender began shows none of its articles again', async () => {
  const cursor = await insertPages(ids.slice(0, 10))
  assert.deepEqual((await scroll(createOne(), cursor)).flat().toSorted(), ids.slice(10))
})

test('articles that the client reports as seen during the session are not shown again', async () => {
  await addSeen(ids.slice(0, 8))
  const pages = await scroll(createOne(), Date.now(), addSeen)
  assert.deepEqual(pages.flat().toSorted(), ids)
})

test('a refresh whose history cannot be read does not end the session that another device began in the same minute', async () => {
  await addSeen(ids.slice(0, 20))
  const fallback = createOne()
  let isFirst = true
  const pages = await scroll(fallback, Date.now(), async () => {
    if (!isFirst) return
    isFirst = false
    await sql`alter table seen_day rename to seen_day_away`.execute(db)
    assert.equal((await fallback.recommend({ viewer, channelId, count: 10, cursor: Date.now() })).items.length, 10)
    await sql`alter table seen_day_away rename to seen_day`.execute(db)
  })
  assert.deepEqual(lengths(pages), [10, 10, 5])
  assert.deepEqual(pages.flat().toSorted(), ids)
})

async function scrollWithHistoryFromPage2(cursor: number): Promise<ArticleId[][]> {
  await sql`alter table seen_day rename to seen_day_away`.execute(db)
  let isFirst = true
  return scroll(createOne(), cursor, async () => {
    if (isFirst) await sql`alter table seen_day_away rename to seen_day`.execute(db)
    isFirst = false
  })
}

test('a session that the recommender began shows none of its articles again, also if what was seen is read for the second page', async () => {
  const cursor = await insertPages(ids.slice(15))
  assert.deepEqual((await scrollWithHistoryFromPage2(cursor)).flat().toSorted(), ids.slice(0, 15))
})

test('what a reader has seen, if it could not be read for one page, is read for the next', async () => {
  const inOrder = (await scroll()).flat()
  const [shownUnread, seen] = [inOrder.slice(0, 10), inOrder.slice(10, 20)]
  await addSeen([...shownUnread.slice(0, 5), ...seen])
  const pages = await scrollWithHistoryFromPage2(Date.now())
  assert.deepEqual(pages.flat(), [...shownUnread, ...inOrder.slice(20), ...seen])
})

test('a session that another process continues shows everything, and what was reported meanwhile once more', async () => {
  await addSeen(ids.slice(0, 8))
  const first = createOne()
  const pages: ArticleId[][] = []
  let cursor = Date.now()
  for (const fallback of [first, createOne(), createOne(), createOne(), createOne(), createOne()]) {
    const { items, nextCursor } = await fallback.recommend({ viewer, channelId, count: 10, cursor })
    if (items.length === 0) break
    pages.push(items.map(item => item.articleId))
    await addSeen(pages.at(-1) as ArticleId[])
    cursor = nextCursor
  }
  assert.deepEqual(new Set(pages.flat()).size, ids.length)
  assert.deepEqual(
    lengths(pages).reduce((a, b) => a + b),
    17 + 25,
  )
})
