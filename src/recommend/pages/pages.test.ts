import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { MINUTE } from '../../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { NewPage, Page } from './page.ts'
import { storePages } from './pages.sql.ts'

const { db } = await testDatabase()
const [viewerKey, channelId] = ['d1', 1 as ChannelId]
let nextId = 1n

await sql`insert into reader (id, name) values (1, 'author')`.execute(db)
await sql`insert into channel (id, name) overriding system value values (1, '科技')`.execute(db)
await sql`insert into article (id, author_id, channel_id, title, cover, status, published_at) values (7, 1, 1, 'one', '{}', 2, now())`.execute(
  db,
)

const thisDatabase = sql`(select oid from pg_database where datname = current_database())`

const refresh = (): NewPage => ({
  id: nextId++ as PageId,
  viewerKey,
  channelId,
  requestedCursor: Number(nextId),
  retryMs: 2 * MINUTE,
  now: Date.now(),
  pinnedIds: [],
  articleIds: [7n as ArticleId],
  sources: [0],
  propensity: [1000],
  dialsVersion: 0,
  policy: 1,
  explanation: { funnel: [], items: [] },
})
/** The next page, cut from the buffer that was ranked for this one. */
const fromBuffer = (page: Page): NewPage => ({
  ...refresh(),
  continuation: { feedSession: page.feedSession, cursor: page.nextCursor },
  requestedCursor: Number(page.nextCursor),
  bufferedAfter: page,
})

test('a buffered page and two refreshes of one viewer, stored at the same moment, do not deadlock', async () => {
  const [first] = (await storePages(db, [refresh()])) as [Page]
  // Another process is storing a refresh, and holds the lock that a refresh waits for.
  const [one, other] = await db.transaction().execute(async tx => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${viewerKey}, ${channelId}))`.execute(tx)
    const one = storePages(db, [fromBuffer(first), refresh()])
    one.catch(() => {})
    await eventually(
      async () =>
        (await sql`select from pg_locks where not granted and locktype = 'advisory' and database = ${thisDatabase}`.execute(tx)).rows
          .length,
      waiting => waiting === 1,
    )
    return [one, await storePages(tx, [refresh()])]
  })
  const stored = [...(await one), ...other].filter(page => page !== undefined)
  assert.ok(other[0])
  assert.equal(new Set(stored.flatMap(page => [page.cursor, page.nextCursor])).size, 2 * stored.length)
})
