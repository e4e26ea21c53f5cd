import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually, pause } from '../../../test/support/waiting.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import { tableCounters } from '../../engines/counters/table.ts'
import type { Db } from '../../engines/database/database.ts'
import { createRecentCounts } from './recent-counts.ts'

let db: Db
const [one, other] = [101n, 102n] as [ArticleId, ArticleId]

before(async () => {
  ;({ db } = await testDatabase())
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

test('counts that are read often are refreshed before they expire, and others are not', async () => {
  const { counters, reads } = recordReads()
  let now = 1_000
  const recentCounts = createRecentCounts(counters, () => now)
  await recentCounts([one, other])
  await Promise.all(Array.from({ length: 10 }, () => recentCounts([one])))
  await eventually(
    () => reads.length,
    count => count > 1,
  )
  // Without further reads, refreshing ends by itself.
  await pause(500)
  await recentCounts([one, other])
  assert.deepEqual(reads, [[one, other], [one]])
  // Expired counts are read while the request waits.
  now += 251
  await pause(5) // the cache reads the clock once a millisecond
  await recentCounts([other])
  assert.deepEqual(reads.at(-1), [other])
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
