// Puts the demo world into the database, some hundred rows at a time: no transaction of it keeps the change log waiting.

import type { Log } from '../base/log.ts'
import type { Db } from '../engines/database/database.ts'
import { alone } from './alone.ts'
import { clearRows } from './clear.ts'
import { addTo, type DemoCounts, noCounts } from './counts.ts'
import { finish, insertRows, putChannels, standing, takenBy } from './demo.sql.ts'
import type { Person } from './people.ts'
import { articleRows, attitudeRows, behaviourRows, commentRows, contentRows, pageRows, personRow, tieRows, topRow } from './rows.ts'
import { histories, makeWorld, ties, type World } from './world.ts'

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
export async function demoPresent(db: Db): Promise<boolean> {
  return (await standing(db)).finished
}

/**
 * Adds the demo world and returns what it added: nothing when a whole one is here. One that was left half-way is
 * completed if it is the same world, and cleared first if it began at another moment.
 */
export function seedDemo({ db, seed, now, log }: SeedNeeds): Promise<DemoCounts> {
  return alone(db, async () => {
    const before = await standing(db)
    if (before.finished) return noCounts()
    const started = performance.now()
    const world = makeWorld({ seed, now })
    if (before.withdrawn || (before.first !== null && before.first !== world.people[0]?.id)) {
      log.info({ readers: before.readers }, 'clearing the rest of an unfinished demo world')
      await clearRows(db, log)
    }
    const counts = await put(db, world, now)
    log.info({ ...counts.rows, ms: Math.round(performance.now() - started) }, 'demo world seeded')
    return counts
  })
}

async function put(db: Db, world: World, now: number): Promise<DemoCounts> {
  const counts = noCounts()
  const add = async <Row>(table: string, all: Row[], row: (one: Row) => Parameters<typeof insertRows>[2][number]) => {
    for (let i = 0; i < all.length; i += BATCH) addTo(counts, table, await insertRows(db, table, all.slice(i, i + BATCH).map(row)))
  }
  const { ids, added } = await putChannels(db, world.channels)
  addTo(counts, 'channel', added)
  const [account] = world.people as [Person]
  const taken = await takenBy(
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
  await add('top_article', [world.top], topRow(now))
  // Tables that do not point at each other go side by side. Behaviours are a log that models learn from, so they keep one
  // line and the order of their time: the same world teaches the same lesson.
  await Promise.all([
    add('behaviour', world.behaviours, behaviourRows),
    (async () => {
      await add('history', histories(world.behaviours), tieRows('reader_id', 'article_id'))
      await add('attitude', ties(world.behaviours, 'like'), attitudeRows(1))
      await add('attitude', ties(world.behaviours, 'dislike'), attitudeRows(0))
      await add('collection', ties(world.behaviours, 'collect'), tieRows('reader_id', 'article_id'))
    })(),
    (async () => {
      await add('comment', world.comments, commentRows)
      await add('comment_liking', world.likings, tieRows('reader_id', 'comment_id'))
      await add('following', world.followings, tieRows('reader_id', 'creator_id'))
      await add('page', world.pages, pageRows(world, ids))
    })(),
  ])
  await finish(db, account.id, new Date(now))
  return counts
}
