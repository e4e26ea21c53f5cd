// Fills what the recommender holds in memory from the rows and keeps it in step with them: articles by the change log;
// heat, meetings and what is read together by the behaviours.

import { LRUCache } from 'lru-cache'
import { DAY } from '../../base/clock.ts'
import { type ArticleId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
import { readerKey } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { CHANGE_COLUMNS, type LoggedChange } from '../../engines/log/change-log.ts'
import { createConsumer } from '../../engines/log/consumer.ts'
import type { LagMetric } from '../../engines/log/lag.ts'
import { readEndPosition } from '../../engines/log/log-reader.ts'
import type { RankedBuffers } from '../pages/ranked-buffer.ts'
import type { Covisits } from '../sources/covisits.ts'
import { DONE, type Done, meetingsSince, newestClicks, publishedFacts, warmthSince } from './catalogue.sql.ts'
import type { Catalogue } from './catalogue.ts'

export interface Filled {
  catalogue: Catalogue
  covisits: Covisits
  remainders: RankedBuffers
}

export interface Follower {
  /** Reads what has happened since it was last called. */
  catchUp(): Promise<void>
}

const STRANGER = 0.2 // ten requests of one who hides are worth two of somebody who does not
const WARMED_MAX = 200_000 // some 30 MB
const HEAT_DAYS = 7 // after fourteen half-lives nothing of a click is left
const MEETING_DAYS = 3 // as long as an article may be explored, and a day
const COVISIT_DAYS = 14
const COVISIT_CLICKS = 200_000 // a second's work at start; older clicks would be pushed out again anyway

/** Loads everything; then the follower's `catchUp` keeps it current. */
export async function startFollower(db: Db, { catalogue, covisits, remainders }: Filled, lags?: LagMetric): Promise<Follower> {
  // The end of the log is read before the rows: what happens in between is read twice, which does next to no harm.
  const from = await readEndPosition(db)
  await loadFacts(db, catalogue)
  for (const { id, weight, at } of await warmthSince(db, HEAT_DAYS)) catalogue.warm(id, weight, at)
  for (const { id, shown, clicks } of await meetingsSince(db, MEETING_DAYS)) {
    catalogue.met(id, 'shown', shown)
    catalogue.met(id, 'clicks', clicks)
  }
  for (const { viewer, id, at } of await newestClicks(db, { days: COVISIT_DAYS, most: COVISIT_CLICKS })) covisits.note(viewer, id, at)

  const warmed = new LRUCache<string, true>({ max: WARMED_MAX, ttl: DAY })

  function take({ viewer, action, id, weight, at }: Done): void {
    if (viewer !== null) remainders.forget(viewer)
    // Once a day from each viewer: nobody makes an article hot alone. Those we cannot recognise count for little.
    const once = `${viewer} ${action} ${id}`
    if (weight > 0 && (viewer === null || !warmed.has(once))) catalogue.warm(id, viewer === null ? weight * STRANGER : weight, at)
    if (viewer !== null) warmed.set(once, true)
    if (action !== 'click') return
    catalogue.met(id, 'clicks')
    if (viewer !== null) covisits.note(viewer, id, at)
  }

  async function takeChanges(rows: LoggedChange[]): Promise<void> {
    const ids = [...new Set(rows.filter(change => change.topic === 'article').map(change => change.key as ArticleId))]
    if (ids.length > 0) {
      const published = await publishedFacts(db, { ids })
      const left = new Set(published.map(facts => facts.id))
      for (const id of ids) if (!left.has(id)) catalogue.remove(id)
      for (const facts of published) catalogue.put(facts)
    }
    for (const { topic, key } of rows) if (topic === 'relations') remainders.forget(readerKey(key as ReaderId))
  }

  const changes = await createConsumer<LoggedChange>({
    db,
    log: 'change',
    name: 'recommender',
    columns: CHANGE_COLUMNS,
    startAt: from,
    onRows: takeChanges,
    onGap: () => loadFacts(db, catalogue),
    lags,
  })
  const behaviours = await createConsumer<Done>({
    db,
    log: 'behaviour',
    name: 'recommender behaviours',
    columns: DONE,
    startAt: from,
    onRows: rows => rows.forEach(take),
    onGap() {}, // what is dropped of this log, a month old, is nothing that a follower has still to read; a crash costs a moment's clicks
    lags,
  })

  return {
    async catchUp() {
      await changes.catchUp()
      await behaviours.catchUp()
    },
  }
}

/** Every published article, and no other: what was withdrawn unheard goes. */
async function loadFacts(db: Db, catalogue: Catalogue): Promise<void> {
  const published = new Set<ArticleId>()
  for (let after = 0n as ArticleId; ; ) {
    const facts = await publishedFacts(db, { after, most: 10_000 })
    for (const one of facts) {
      catalogue.put(one)
      published.add(one.id)
    }
    const last = facts.at(-1)
    if (!last) break
    after = last.id
  }
  const withdrawn = [...catalogue.newest(RECOMMENDED_CHANNEL)].filter(({ id }) => !published.has(id))
  for (const { id } of withdrawn) catalogue.remove(id)
}
