import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { HISTORY_TIMES } from '../feed-constants.ts'
import { findHistory, listSeenArticles } from './seen.sql.ts'
import { storeSeenList } from './seen-lists.sql.ts'

const { db } = await testDatabase()
const channelId = 1 as ChannelId
const NOTHING_UNSEEN_AT = 1_000
let nextId = 1

/** A viewer who saw `count` articles on pages of ten and now sees them again, from the middle of the list. Returns its cursor. */
async function createReader(viewerKey: string, count: number): Promise<{ cursor: number; ids: ArticleId[] }> {
  const ids = Array.from({ length: count }, (_, i) => BigInt(i + 1) as ArticleId)
  const first = nextId
  nextId += count
  // Counting down as a session does: the number of each page is the one that the page before names.
  await sql`
    insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, made_at)
    select ${first}::int + n, ${viewerKey}, ${channelId}, ${first}::int, 100000 - n, 99999 - n,
           array(select generate_series(n * 10 + 1, n * 10 + 10)::bigint), '{}', '{}', 1, now() - interval '1 day' + n * interval '1 second'
      from generate_series(0, ${count / 10}::int) n`.execute(db)
  const listId = BigInt(nextId++)
  await storeSeenList(db, viewerKey, listId, ids)
  await sql`
    insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, seen_list, seen_end, nothing_unseen_at)
    values (${nextId}, ${viewerKey}, ${channelId}, ${nextId++}, 200001, 200000, '{}', '{}', '{}', 1, ${listId}, ${count / 2}, ${NOTHING_UNSEEN_AT})`.execute(
    db,
  )
  await sql`insert into seen_day (viewer, day, article_ids) values (${viewerKey}, current_date, ${ids}::bigint[])`.execute(db)
  await sql`analyze page, seen_list, seen_day`.execute(db) // as PostgreSQL does by itself soon
  return { cursor: 200_000, ids }
}

/** The number of rows that the work reads. */
const countReads = (work: (tx: Db) => Promise<unknown>): Promise<number> =>
  db.transaction().execute(async tx => {
    await sql`set local enable_seqscan = off`.execute(tx) // as with tables of usual size
    // The counts of the connection, of which some are from transactions before this one.
    const readCount = async () =>
      (
        await sql<{ reads: number }>`select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::int as reads from pg_stat_xact_user_tables
         where relname in ('page', 'seen_day', 'seen_list', 'behaviour')`.execute(tx)
      ).rows[0]?.reads ?? 0
    const before = await readCount()
    await work(tx)
    return (await readCount()) - before
  })

test('a session that shows seen articles again reads the same number of rows, whether a hundred or ten thousand were seen', async () => {
  const reads: number[] = []
  for (const count of [100, 1_000, 10_000]) {
    const viewerKey = `d${count}`
    const { cursor, ids } = await createReader(viewerKey, count)
    const at = { viewerKey, channelId, cursor }
    const history = await findHistory(db, { ...at, newsAt: NOTHING_UNSEEN_AT - 1 }, HISTORY_TIMES)
    assert.deepEqual([history.isAllThatIsLeft, history.seenListStart, history.seenIds], [true, count / 2, []])
    assert.equal(history.seenListIds.length, Math.min(count, 200), 'two rows of the list')
    reads.push(await countReads(tx => findHistory(tx, { ...at, newsAt: NOTHING_UNSEEN_AT - 1 }, HISTORY_TIMES)))
    // With news in the channel everything is read.
    const complete = await findHistory(db, { ...at, newsAt: NOTHING_UNSEEN_AT }, HISTORY_TIMES)
    assert.equal(complete.isAllThatIsLeft, false)
    assert.deepEqual(new Set(complete.seenIds), new Set(ids))
  }
  assert.ok(Math.max(...reads) <= 4, `${reads} rows: the page, and two of the list`)
})

test('seen articles are listed in the order in which they were seen last', async () => {
  const viewerKey = 'dlast'
  const page = (made: string, ids: number[], numbers: [number, number]) =>
    sql`
    insert into page (id, viewer, channel_id, scroll, stamp, older, article_ids, sources, propensity, policy, made_at)
    values (${nextId++}, ${viewerKey}, 1, 1, ${numbers[0]}, ${numbers[1]}, ${ids}::bigint[], '{}', '{}', 1, now() - ${made}::interval)`.execute(
      db,
    )
  await page('9 days', [5, 4, 3], [99, 98])
  await page('8 days', [4, 2], [98, 97])
  await page('7 days', [1], [97, 96]) // its continuation was not asked for: not seen
  await sql`insert into seen_day (viewer, day, article_ids) values (${viewerKey}, current_date - 20, '{8,7,3}'), (${viewerKey}, current_date - 40, '{9}')`.execute(
    db,
  )
  assert.deepEqual(await listSeenArticles(db, { viewerKey, channelId, cursor: 1 }, HISTORY_TIMES), [8n, 7n, 5n, 3n, 4n, 2n])
})
