// Telling followers of an article, step by step: what the steps before have left is inserted here.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { createRowWriter } from '../../../test/support/product-rows.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Tx } from '../../engines/database/database.ts'
import { fanOut } from './fanout.sql.ts'
import { listNews, listNoticesAfter } from './notices.sql.ts'
import { listDuePushes } from './web-push.sql.ts'

const { db } = await testDatabase()
const rows = createRowWriter(db)
const channel = await rows.insertChannel('科技')
const [alice, bob, carol, mallory] = [101n, 102n, 103n, 104n] as [ReaderId, ReaderId, ReaderId, ReaderId]
const FOLLOWERS = [bob, carol, mallory]
for (const id of [alice, ...FOLLOWERS])
  await db
    .insertInto('reader')
    .values({ id, name: `r${id}` })
    .execute()
for (const id of FOLLOWERS) await db.insertInto('following').values({ reader_id: id, creator_id: alice }).execute()

const publish = async () => (await rows.insertArticles([{ author: alice, channel }]))[0] as ArticleId
const setStatus = (article: ArticleId, status: number) => db.updateTable('article').set({ status }).where('id', '=', article).execute()

async function runFanout(article: ArticleId, { withdraws = false } = {}): Promise<void> {
  await sql`insert into notice_fanout (article_id, due_at, withdraws) values (${article}, now(), ${withdraws})`.execute(db)
  while (await db.transaction().execute(tx => fanOut(tx, 2)));
}

const noticesOf = (reader: ReaderId, after = 0n) => listNoticesAfter(db, reader, after, 100)
async function toldOf(article: ArticleId): Promise<ReaderId[]> {
  const told = db.selectFrom('notice').select('reader_id').where('subject_id', '=', article).where('withdrawn', '=', false)
  return (await told.orderBy('reader_id').execute()).map(({ reader_id }) => reader_id as ReaderId)
}

test('an article that is published again is told under a new id, unless it was read', async () => {
  const article = await publish()
  await runFanout(article)
  await sql`update notice set read_at = now() where reader_id = ${carol}`.execute(db)
  await runFanout(await publish())
  const [bobs, carols] = [(await noticesOf(bob)).at(-1)?.seq, (await noticesOf(carol)).at(-1)?.seq]
  await runFanout(article, { withdraws: true })
  await runFanout(article)
  assert.deepEqual(
    (await noticesOf(bob, bobs)).map(notice => notice.article_id),
    [article],
  )
  assert.deepEqual(await noticesOf(carol, carols), [])
  assert.deepEqual(await toldOf(article), FOLLOWERS)
})

test('followers that the author has blocked, or that have blocked the author, are not told', async () => {
  const blocks = [
    { reader_id: alice, blocked_id: mallory },
    { reader_id: carol, blocked_id: alice },
  ]
  await db.insertInto('blocking').values(blocks).execute()
  const article = await publish()
  await runFanout(article)
  assert.deepEqual(await toldOf(article), [bob])
  await db.deleteFrom('blocking').execute()
})

test('an article that was withdrawn meanwhile is announced to no follower, and pushed to none', async () => {
  const article = await publish()
  await setStatus(article, 4)
  await runFanout(article)
  assert.deepEqual(await toldOf(article), [])

  const other = await publish()
  await runFanout(other)
  await db.insertInto('web_push_subscription').values({ reader_id: bob, endpoint: 'x', p256dh: 'x', auth: 'x' }).execute()
  const notice = (await noticesOf(bob)).find(each => each.article_id === other)
  const place = [{ reader_id: bob, seq: notice?.seq as bigint }]
  assert.deepEqual([(await listNews(db, place)).length, (await listDuePushes(db, place)).length], [1, 1])
  await setStatus(other, 4)
  assert.deepEqual([await listNews(db, place), await listDuePushes(db, place)], [[], []])
})

test('each step of a withdrawal reads its own notices only, not those that were withdrawn before', async () => {
  const article = await publish()
  const [followers, limit] = [5_000, 500] // the planner reads a small table whole
  await sql`insert into reader (id, name) select 100_000 + i, 'f' || i from generate_series(1, ${followers}::int) i`.execute(db)
  await sql`
    insert into notice (reader_id, kind, actor_id, subject_id, article_id)
    select 100_000 + i, 'article', ${alice}, ${article}, ${article} from generate_series(1, ${followers}::int) i`.execute(db)
  await sql`analyze notice`.execute(db)
  await sql`insert into notice_fanout (article_id, due_at, withdraws) values (${article}, now(), true)`.execute(db)
  const countReads = async (tx: Tx) => {
    const { rows: counts } = await sql<{ reads: number }>`
      select (seq_tup_read + idx_tup_fetch)::int as reads from pg_stat_xact_user_tables where relname = 'notice'`.execute(tx)
    return counts[0]?.reads ?? 0
  }
  for (let step = 0; step < followers / limit; step++)
    await db.transaction().execute(async tx => {
      const before = await countReads(tx)
      await fanOut(tx, limit)
      const reads = (await countReads(tx)) - before
      assert.ok(reads < 2 * limit, `step ${step} has read ${reads} notices`)
    })
  assert.deepEqual(await toldOf(article), [])
})
