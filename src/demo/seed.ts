// Writes the demo world to the database in batches, so that no transaction delays the followers of the change log.

import type { Log } from '../base/log.ts'
import type { Db } from '../engines/database/database.ts'
import type { FingerprintOf } from '../features/writing/fingerprint.ts'
import { insertArticles } from '../features/writing/writing.sql.ts'
import { withDemoLock } from './advisory-lock.ts'
import { clearRows } from './clear.ts'
import { addRows, type DemoRowCounts, emptyCounts } from './counts.ts'
import { edgesOf, type Person, readingHistories, type World } from './model.ts'
import { attitudeRow, behaviourRow, commentRow, edgeRow, newArticle, pageRow, personRow, pinnedRow } from './rows.ts'
import { findTaken, insertChannels, insertRows, markFinished, type Row, readSeedState } from './seed.sql.ts'
import { makeWorld } from './world.ts'

// A transaction of 500 of these rows takes some 20 ms, a tenth of the limit for any writing transaction.
const BATCH = 500

export interface SeedNeeds {
  db: Db
  /** Another seed makes another world. */
  seed: number
  /** When the world ends, in milliseconds since 1970; usually now. */
  now: number
  fingerprintOf: FingerprintOf
  log: Log
  /** Another world, such as a smaller one. */
  make?: typeof makeWorld
}

/** True when a complete demo world is in the database, whatever its seed. */
export async function isDemoPresent(db: Db): Promise<boolean> {
  return (await readSeedState(db)).finished
}

/**
 * Adds the demo world unless a complete one is there, and returns the counts of added rows. An incomplete world is
 * completed if seed and moment are the same, else cleared first.
 */
export function seedDemo({ db, seed, now, fingerprintOf, log, make = makeWorld }: SeedNeeds): Promise<DemoRowCounts> {
  return withDemoLock(db, async () => {
    const before = await readSeedState(db)
    if (before.finished) return emptyCounts()
    const startedAt = performance.now()
    const world = make({ seed, now })
    if (before.withdrawn || (before.firstReaderId !== null && before.firstReaderId !== world.people[0]?.id)) {
      log.info({ readers: before.readers }, 'clearing an unfinished demo world')
      await clearRows(db, log)
    }
    const counts = await insertWorld(db, world, { now, fingerprintOf })
    log.info({ ...counts.rows, ms: Math.round(performance.now() - startedAt) }, 'demo world seeded')
    return counts
  })
}

async function insertWorld(db: Db, world: World, { now, fingerprintOf }: Pick<SeedNeeds, 'now' | 'fingerprintOf'>): Promise<DemoRowCounts> {
  const counts = emptyCounts()
  const insertInBatches = async <Item>(table: string, items: Item[], insert: (batch: Item[]) => Promise<number>) => {
    for (let i = 0; i < items.length; i += BATCH) addRows(counts, table, await insert(items.slice(i, i + BATCH)))
  }
  const insertAll = <Item>(table: string, items: Item[], toRow: (item: Item) => Row) =>
    insertInBatches(table, items, batch => insertRows(db, table, batch.map(toRow)))
  const { channelIds, added } = await insertChannels(db, world.channels)
  addRows(counts, 'channel', added)
  const [account] = world.people as [Person]
  const names = world.people.map(person => person.name)
  const taken = await findTaken(db, names, account.mobile as string)
  const lastSeenAt = new Map(world.behaviours.map(one => [one.readerId, one.at]))
  await insertAll('reader', world.people, person =>
    personRow({ person, lastSeenAt: person === account ? undefined : (lastSeenAt.get(person.id) ?? person.joinedAt), taken }),
  )
  const toNewArticle = newArticle(world, { channelIds, fingerprintOf })
  await insertInBatches('article', world.articles, batch => insertArticles(db, 'demo', batch.map(toNewArticle)))
  await insertAll('top_article', [...world.pinned.toReversed().entries()], pinnedRow(now)) // the highest rank is on top
  // Tables without foreign keys between them are filled in parallel. Behaviours are a log that models learn from: they are
  // inserted one batch after another, in the order of time, so that the same world always teaches the same model.
  await Promise.all([
    insertAll('behaviour', world.behaviours, behaviourRow),
    (async () => {
      await insertAll('history', readingHistories(world.behaviours), edgeRow('reader_id', 'article_id'))
      await insertAll('attitude', edgesOf(world.behaviours, 'like'), attitudeRow(1))
      await insertAll('attitude', edgesOf(world.behaviours, 'dislike'), attitudeRow(0))
      await insertAll('collection', edgesOf(world.behaviours, 'collect'), edgeRow('reader_id', 'article_id'))
    })(),
    (async () => {
      await insertAll('comment', world.comments, commentRow)
      await insertAll('comment_liking', world.likings, edgeRow('reader_id', 'comment_id'))
      await insertAll('following', world.followings, edgeRow('reader_id', 'creator_id'))
      await insertAll('page', world.pages, pageRow(world, channelIds))
    })(),
  ])
  await markFinished(db, account.id, new Date(now))
  return counts
}
