import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { MINUTE } from '../../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import { readEndPosition } from '../../engines/log/log-rows.sql.ts'
import { HISTORY_TIMES } from '../feed-constants.ts'
import type { Knowledge, NewPage, Page } from './page.ts'
import { storePages } from './pages.sql.ts'
import { findHistory, recordSeen } from './seen.sql.ts'

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

test('a page ranked from memory is stored only if nothing about its viewer is missing there', async () => {
  const viewer = { viewerKey: 'r1', channelId }
  await sql`insert into reader (id, name) values (2, 'other')`.execute(db)
  const read = async (): Promise<Knowledge> => {
    const { newestPageIds, today, seenToday } = await findHistory(db, { ...viewer, cursor: 0 }, HISTORY_TIMES)
    const end = await readEndPosition(db)
    return { newestPageIds, today, seenToday, heard: { behaviours: end, changes: end, incarnation: end.incarnation } }
  }
  const store = async (page: Partial<NewPage>) => (await storePages(db, [{ ...refresh(), ...viewer, ...page }]))[0]
  const expose = (key: string, count = 1) =>
    sql`
    insert into behaviour (id, action, viewer, article_id, at)
    select gen_random_uuid(), 'exposure', ${key}, 7, now() - interval '6 days' from generate_series(1, ${count}::int)`.execute(db)
  // What runs on other databases of the server holds the ends of the logs back.
  const storeKnown = () => eventually(async () => store({ knowledge: await read() }), Boolean) as Promise<Page>

  const first = await storeKnown()
  const knowledge = await read()
  await expose('r10')
  assert.ok(await store({ knowledge }), 'what others do')
  for (const [what, happens] of Object.entries({
    'a page of another process': () => store({}),
    'one that was begun before the newest': async () => {
      const page = (await store({})) as Page
      await sql`update page set made_at = made_at - interval '1 hour' where id = ${page.id}`.execute(db)
    },
    'a page deleted': () => sql`delete from page where id = (select max(id) from page where viewer = 'r1')`.execute(db),
    'an exposure, of whatever time': () => expose('r1'),
    'a followed author': () => sql`insert into following (reader_id, creator_id) values (1, 2)`.execute(db),
    'an article seen elsewhere': () => recordSeen(db, 'r1', [8n as ArticleId]),
    'more of the logs than is searched': () => expose('r10', 1_000),
  })) {
    const before = await read()
    await happens()
    assert.equal(await store({ knowledge: before }), undefined, what)
    await storeKnown()
  }
  const now = await read()
  assert.equal(await store({ knowledge: { ...now, today: '2000-01-01' } }), undefined, 'what was seen on another day')
  assert.equal(await store({ knowledge: { ...now, heard: { ...now.heard, incarnation: 'another' } } }), undefined, 'before a crash')
  for (const requestedCursor of [first.cursor, first.nextCursor].map(Number))
    assert.equal(await store({ knowledge: now, requestedCursor }), undefined, 'a cursor that is that of a page')
  assert.ok(await store({ knowledge: now }))
})
