// Puts the demo world into the database, some hundred rows at a time: no transaction of it keeps the change log waiting.

import type { Log } from '../base/log.ts'
import type { Db } from '../engines/database/database.ts'
import { withDemoLock } from './advisory-lock.ts'
import { clearRows } from './clear.ts'
import { addRows, type DemoRowCounts, emptyCounts } from './counts.ts'
import type { Person } from './people.ts'
import { articleRows, attitudeRows, behaviourRows, commentRows, contentRows, edgeRows, pageRows, personRow, pinnedRow } from './rows.ts'
import { findTaken, insertChannels, insertRows, markFinished, readSeedState } from './seed.sql.ts'
import { edgesOf, makeWorld, readingHistories, type World } from './world.ts'

// A transaction of 500 of these rows takes some 20 ms, a tenth of what any writer may take.
const BATCH = 500

export interface SeedNeeds {
  db: Db
  /** Another seed is another world. */
  seed: number
  /** Milliseconds since 1970: the moment the world ends at, usually now. */
  now: number
  log: Log
}

/** True when a whole demo world is here, whichever it is; a half-written one is none. */
export async function isDemoPresent(db: Db): Promise<boolean> {
  return (await readSeedState(db)).finished
}

/**
 * Adds the demo world and returns what it added: nothing when a whole one is here. One that was left half-way is
 * completed if it is the same world, and cleared first if it began at another moment.
 */
export function seedDemo({ db, seed, now, log }: SeedNeeds): Promise<DemoRowCounts> {
  return withDemoLock(db, async () => {
    const before = await readSeedState(db)
    if (before.finished) return emptyCounts()
    const started = performance.now()
    const world = makeWorld({ seed, now })
    if (before.withdrawn || (before.first !== null && before.first !== world.people[0]?.id)) {
      log.info({ readers: before.readers }, 'clearing the rest of an unfinished demo world')
      await clearRows(db, log)
    }
    const counts = await insertWorld(db, world, now)
    log.info({ ...counts.rows, ms: Math.round(performance.now() - started) }, 'demo world seeded')
    return counts
  })
}

async function insertWorld(db: Db, world: World, now: number): Promise<DemoRowCounts> {
  const counts = emptyCounts()
  const add = async <Row>(table: string, all: Row[], row: (one: Row) => Parameters<typeof insertRows>[2][number]) => {
    for (let i = 0; i < all.length; i += BATCH) addRows(counts, table, await insertRows(db, table, all.slice(i, i + BATCH).map(row)))
  }
  const { ids, added } = await insertChannels(db, world.channels)
  addRows(counts, 'channel', added)
  const [account] = world.people as [Person]
  const taken = await findTaken(
    db,
    world.people.map(one => one.name),
    account.mobile as string,
  )
  const lastSeen = new Map(world.behaviours.map(one => [one.readerId, one.at]))
  await add('reader', world.people, one =>
    personRow({ person: one, lastSeen: one === account ? undefined : (lastSeen.get(one.id) ?? one.joinedAt), taken }),
  )
  await add('article', world.articles, articleRows(world, ids))
  await add('article_content', world.articles, contentRows)
  await add('top_article', [world.pinned], pinnedRow(now))
  // Tables that do not point at each other go side by side. Behaviours are a log that models learn from, so they keep one
  // line and the order of their time: the same world teaches the same lesson.
  await Promise.all([
    add('behaviour', world.behaviours, behaviourRows),
    (async () => {
      await add('history', readingHistories(world.behaviours), edgeRows('reader_id', 'article_id'))
      await add('attitude', edgesOf(world.behaviours, 'like'), attitudeRows(1))
      await add('attitude', edgesOf(world.behaviours, 'dislike'), attitudeRows(0))
      await add('collection', edgesOf(world.behaviours, 'collect'), edgeRows('reader_id', 'article_id'))
    })(),
    (async () => {
      await add('comment', world.comments, commentRows)
      await add('comment_liking', world.likings, edgeRows('reader_id', 'comment_id'))
      await add('following', world.followings, edgeRows('reader_id', 'creator_id'))
      await add('page', world.pages, pageRows(world, ids))
    })(),
  ])
  await markFinished(db, account.id, new Date(now))
  return counts
}
