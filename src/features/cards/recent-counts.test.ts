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

/** The real counters, and which articles they were asked for. */
function watched(): { counters: Counters; questions: (readonly bigint[])[] } {
  const counters = tableCounters(db)
  const questions: (readonly bigint[])[] = []
  const read: Counters['read'] = (kinds, ids, viewer) => {
    questions.push(ids)
    return counters.read(kinds, ids, viewer)
  }
  return { counters: { ...counters, read }, questions }
}

test('what many ask for at once is looked up once, and stands as a card writes it', async () => {
  const { counters, questions } = watched()
  const recent = createRecentCounts(counters)
  const answers = await Promise.all(Array.from({ length: 20 }, () => recent([one, other])))
  assert.ok(questions.length <= 2)
  for (const answer of answers) {
    assert.equal(answer.get(one)?.toString(), ',"comm_count":0,"like_count":3,"collect_count":0')
    assert.equal(answer.get(other)?.toString(), ',"comm_count":0,"like_count":0,"collect_count":0')
  }
})

test('what is asked for again and again is looked up before anybody has to wait, and nothing else is', async () => {
  const { counters, questions } = watched()
  let now = 1_000
  const recent = createRecentCounts(counters, () => now)
  await recent([one, other])
  await Promise.all(Array.from({ length: 10 }, () => recent([one])))
  await eventually(
    () => questions.length,
    count => count > 1,
  )
  // Nobody has asked since: it ends by itself.
  await pause(500)
  await recent([one, other])
  assert.deepEqual(questions, [[one, other], [one]])
  // Too old to be shown, it is looked up while somebody waits.
  now += 251
  await pause(5) // the clock is looked at once a millisecond
  await recent([other])
  assert.deepEqual(questions.at(-1), [other])
})

test('when the counts cannot be read, whoever asks hears of it, and the next is answered again', async () => {
  const { counters } = watched()
  let away = true
  const recent = createRecentCounts({
    ...counters,
    read: (...asked) => (away ? Promise.reject(new Error('away')) : counters.read(...asked)),
  })
  await assert.rejects(recent([one]), /away/)
  away = false
  assert.equal((await recent([one])).size, 1)
})
