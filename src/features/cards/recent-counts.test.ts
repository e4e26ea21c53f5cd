import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { type TestDatabase, testDatabase, waitForLog } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import { foldCounters } from '../../engines/counters/fold.ts'
import { tableCounters } from '../../engines/counters/table.ts'
import type { Db } from '../../engines/database/database.ts'
import { createRecentCounts, type RecentCounts } from './recent-counts.ts'

let database: TestDatabase
let db: Db
const [one, other, third] = [101n, 102n, 103n] as [ArticleId, ArticleId, ArticleId]
const [hot, late, calm] = [104n, 105n, 106n] as [ArticleId, ArticleId, ArticleId]

before(async () => {
  database = await testDatabase()
  db = database.db
  await db.insertInto('counter').values({ kind: 'article.likes', key: one, value: 3n }).execute()
})

/** The real counters, and a list of the ids they were asked to read. */
function recordReads(): { counters: Counters; reads: (readonly bigint[])[] } {
  const counters = tableCounters(db)
  const reads: (readonly bigint[])[] = []
  const read: Counters['read'] = (kinds, ids, viewer) => {
    reads.push(ids)
    return counters.read(kinds, ids, viewer)
  }
  return { counters: { ...counters, read }, reads }
}

test('counts that many requests need at once are read once, and formatted as a card writes them', async () => {
  const { counters, reads } = recordReads()
  const recentCounts = createRecentCounts(counters)
  const answers = await Promise.all(Array.from({ length: 20 }, () => recentCounts([one, other])))
  assert.ok(reads.length <= 2)
  for (const answer of answers) {
    assert.equal(answer.get(one)?.toString(), ',"comm_count":0,"like_count":3,"collect_count":0')
    assert.equal(answer.get(other)?.toString(), ',"comm_count":0,"like_count":0,"collect_count":0')
  }
})

test('counts are read again when they have changed, at most a quarter of a second later, and not otherwise', async t => {
  const { counters, reads } = recordReads()
  let now = 1_000
  const recentCounts = createRecentCounts(counters, () => now)
  const likesOf = async (id: ArticleId) => JSON.parse(`{"id":0${(await recentCounts([one, other])).get(id)}}`).like_count as number
  t.mock.timers.enable({ apis: ['setTimeout'] }) // a slow machine would ask in between
  assert.equal(await likesOf(one), 3)
  await db.insertInto('counter_delta').values({ kind: 'article.likes', key: one, d: 2n }).execute()
  assert.equal(await likesOf(one), 3)
  now += 251
  assert.equal(await likesOf(one), 5)
  t.mock.timers.reset()
  // As long as a transaction of another test is open, the change is named again.
  await eventually(
    async () => {
      const readsBefore = reads.length
      now += 251
      assert.equal(await likesOf(one), 5)
      return reads.length - readsBefore
    },
    further => further === 0,
  )
  assert.deepEqual([...new Set(reads.map(String))], [`${one},${other}`, `${one}`])
})

test('a change of a transaction that was open when the counts were read is heard of', async () => {
  const { counters } = recordReads()
  let now = 1_000
  const recentCounts = createRecentCounts(counters, () => now)
  const jsonOf = async () => (await recentCounts([other])).get(other)?.toString()
  await jsonOf()
  await db.transaction().execute(async tx => {
    await tx.insertInto('counter_delta').values({ kind: 'article.likes', key: other, d: 1n }).execute()
    now += 251
    assert.match((await jsonOf()) ?? '', /"like_count":0/)
  })
  now += 251
  assert.match((await jsonOf()) ?? '', /"like_count":1/)
})

test('after more changes than a question reads, any count may have changed', async () => {
  let now = 1_000
  const recentCounts = createRecentCounts(tableCounters(db), () => now)
  const jsonOf = async () => (await recentCounts([late])).get(late)?.toString()
  assert.match((await jsonOf()) ?? '', /"like_count":0/)
  // Few ids, and more deltas than are read before that of `late`.
  await sql`insert into counter_delta (kind, key, d) select 'article.likes', ${hot}, 1 from generate_series(1, 6000)`.execute(db)
  await db.insertInto('counter_delta').values({ kind: 'article.likes', key: late, d: 1n }).execute()
  now += 251
  assert.match((await jsonOf()) ?? '', /"like_count":1/)
})

test('of counts that were being read while a change was heard of, those that it changed are not kept', async () => {
  await waitForLog(database) // the many changes of the test before are named again as long as a transaction of another test is open
  const { counters, reads } = recordReads()
  let now = 1_000
  let readings = 0
  const recentCounts: RecentCounts = createRecentCounts(
    {
      ...counters,
      async read(...args) {
        const count = await counters.read(...args)
        if (++readings > 1) return count
        // Between the reading and its answer.
        await db.insertInto('counter_delta').values({ kind: 'article.likes', key: third, d: 1n }).execute()
        now += 251
        await recentCounts([])
        return count
      },
    },
    () => now,
  )
  assert.match(String((await recentCounts([third, calm])).get(third)), /"like_count":0/)
  assert.match(String((await recentCounts([third, calm])).get(third)), /"like_count":1/)
  assert.deepEqual(reads, [[third, calm], [third]])
})

test('counts of an engine that cannot say what has changed are read again after a quarter of a second, not before', async t => {
  const { counters, reads } = recordReads()
  let now = 1_000
  const recentCounts = createRecentCounts({ ...counters, followChanges: () => undefined }, () => now)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  await recentCounts([calm])
  t.mock.timers.tick(200)
  t.mock.timers.reset()
  await setImmediate()
  await recentCounts([calm])
  assert.deepEqual(reads, [[calm]])
  now += 251
  await recentCounts([calm])
  assert.deepEqual(reads, [[calm], [calm]])
})

test('a request fails if the counts cannot be read, and the next one reads them again', async () => {
  const { counters } = recordReads()
  let failing = true
  const recentCounts = createRecentCounts({
    ...counters,
    read: (...args) => (failing ? Promise.reject(new Error('unreachable')) : counters.read(...args)),
  })
  await assert.rejects(recentCounts([one]), /unreachable/)
  failing = false
  assert.equal((await recentCounts([one])).size, 1)
})

test('after a change that was folded before it was heard of, any count may have changed', async () => {
  let now = 1_000
  const recentCounts = createRecentCounts(tableCounters(db), () => now)
  await recentCounts([one, other])
  await db.insertInto('counter_delta').values({ kind: 'article.likes', key: one, d: 1n }).execute()
  while ((await foldCounters(db)) > 0);
  now += 251
  assert.match(String((await recentCounts([one, other])).get(one)), /"like_count":6/)
})
