import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { createRowWriter } from '../../../test/support/product-rows.ts'
import {
  clickOn,
  clicksLearned,
  factsOf,
  insertReadingLog,
  insertWholeReadingLog,
  makeReadingLog,
  weightsOf,
} from '../../../test/support/reading-log.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ArticleId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import type { Db } from '../../engines/database/database.ts'
import { readEndPosition } from '../../engines/log/log-rows.sql.ts'
import { createFollower } from './follower.ts'
import { createLearner } from './learner.ts'
import { type LearnerPosition, readEntriesAfter } from './log.sql.ts'
import type { LogEntry, ServedPage } from './log-entry.ts'

const { db, close } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'broadsheet-follower-'))
cleanup(async () => {
  await close()
  await rm(folder, { recursive: true })
})
const HOUR_AGO = Date.now() - 3_600_000
let articles: ArticleId[]
let log: LogEntry[]
let clicks: number

before(async () => {
  const rows = createRowWriter(db)
  const channel = await rows.insertChannel('科技')
  articles = await rows.insertArticles(Array.from({ length: 30 }, () => ({ channel })))
  log = makeReadingLog({ pages: 120, articles, from: HOUR_AGO })
  clicks = log.filter(entry => entry.kind === 'behaviour').length
})

function startFollower(name: string, database: Db = db) {
  const learner = createLearner({ seed: 1, findArticle: id => factsOf(id, HOUR_AGO) })
  return { learner, ...createFollower({ db: database, learner, file: join(folder, name), log: silentLog, batchSize: 50 }) }
}

/** Entries are read when every older transaction of the server has ended: that may be a moment later. */
const learnAll = (follower: ReturnType<typeof startFollower>, clicks: number) =>
  eventually(
    async () => {
      await follower.catchUp()
      return clicksLearned(follower.learner)
    },
    learned => learned >= clicks,
  )

test('what is delivered one to five times is learned once, and a follower that starts later learns the same from the rows', async () => {
  const follower = startFollower('follows')
  await follower.catchUp()
  const { int } = createSeededRandom(1)
  await insertReadingLog(db, log.slice(0, 100), () => int(1, 5))
  await learnAll(follower, 20)
  await insertReadingLog(db, log.slice(60), () => int(1, 3)) // some came before
  await learnAll(follower, clicks)
  assert.equal(clicksLearned(follower.learner), clicks)
  const later = startFollower('later')
  await learnAll(later, clicks)
  assert.equal(weightsOf(later.learner), weightsOf(follower.learner))
  await later.close()
  await follower.close()
})

test('a follower goes on from its snapshot; a damaged one is not used', async () => {
  const [page] = makeReadingLog({ pages: 1, articles, from: Date.now(), seed: 2 }) as [ServedPage]
  await insertReadingLog(db, [page, clickOn(page, 2)])
  const [again, whole] = [startFollower('follows'), startFollower('whole')]
  await learnAll(again, clicks + 1)
  await learnAll(whole, clicks + 1)
  assert.equal(weightsOf(again.learner), weightsOf(whole.learner))
  await writeFile(join(folder, 'follows'), 'broken')
  const anew = startFollower('follows')
  await learnAll(anew, clicks + 1)
  assert.equal(weightsOf(anew.learner), weightsOf(whole.learner))
  for (const follower of [again, whole, anew]) await follower.close()
})

test('a follower that is stopped ends what it is doing', async () => {
  const follower = startFollower('stopped')
  const caughtUp = follower.catchUp()
  follower.stop()
  await caughtUp
  assert.ok(clicksLearned(follower.learner) < clicks)
  await follower.close()
})

test('the pages of a device are learned from when it has been here for a week', async () => {
  const from = Date.now()
  const [first, second] = makeReadingLog({ pages: 2, articles, from, seed: 3 }).filter(entry => entry.kind === 'page') as [
    ServedPage,
    ServedPage,
  ]
  const pages = [first, second].map((page, i): ServedPage => ({ ...page, viewer: `d${i}` }))
  await db
    .insertInto('device')
    .values({ viewer: 'd1', first_at: new Date(from - 8 * 86_400_000) })
    .execute()
  const follower = startFollower('devices')
  await insertReadingLog(db, [pages[0] as ServedPage, clickOn(pages[0] as ServedPage, 1)])
  await insertReadingLog(db, [pages[1] as ServedPage, clickOn(pages[1] as ServedPage, 1)])
  await learnAll(follower, clicks + 2)
  assert.equal(clicksLearned(follower.learner), clicks + 2) // the one of the first test, and of two devices one
  await follower.close()
})

test('in batches of any size each entry is read once and in its place, but for exposures on no page', async () => {
  const start = await readEndPosition(db)
  const [first, second] = makeReadingLog({ pages: 2, articles, from: Date.now(), seed: 4 }).filter(entry => entry.kind === 'page')
  const pages = [first, second] as ServedPage[]
  // By turns, and a click at the same moment between them.
  const exposures = [0, 1, 2, 3, 4, 5].flatMap(place => pages.map(page => ({ ...clickOn(page, place), action: 'exposure' })))
  const behaviours = [...exposures.slice(0, 7), clickOn(pages[1] as ServedPage, 6), ...exposures.slice(7)]
  await insertWholeReadingLog(db, [...pages, ...behaviours])
  await exposeOnNoPage()
  const all = 2 + behaviours.length + articles.length
  const beginning: LearnerPosition = { xid: start.xid, pageSeq: '0', behaviourSeq: '0' }
  await eventually(
    () => readEntriesAfter(db, beginning, 1_000),
    ({ count }) => count === all,
  )
  const key = (entry: LogEntry) => (entry.kind === 'page' ? `${entry.id}` : `${entry.action} ${entry.pageId} ${entry.articleId}`)
  for (const limit of [1, 3, 7, 1_000]) {
    const read: string[] = []
    for (let from = beginning; ; ) {
      const { entries, count, last } = await readEntriesAfter(db, from, limit)
      read.push(...entries.map(key))
      if (count < limit) break
      from = last as LearnerPosition
    }
    assert.deepEqual(read, [...pages, ...behaviours].map(key), `batches of ${limit}`)
  }
})

test('a follower that has read exposures on no page alone does not read them again after a restart', async () => {
  const snapshotOf = async () => {
    const follower = startFollower('on no page')
    await follower.catchUp()
    await follower.close()
    return readFile(join(folder, 'on no page'))
  }
  const before = await snapshotOf()
  await exposeOnNoPage()
  await eventually(snapshotOf, after => !after.equals(before))
})

const exposeOnNoPage = () =>
  sql`insert into behaviour (id, action, viewer, article_id) select gen_random_uuid(), 'exposure', 'r1', unnest(${articles}::bigint[])`.execute(
    db,
  )
