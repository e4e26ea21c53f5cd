// Fills the recommender's memory from the rows and keeps it current: articles by the change log; trending scores, impression
// stats and covisits by the log of behaviours. Either log makes ranked buffers stale.

import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { collectGarbage } from '../../base/collect-garbage.ts'
import { type ArticleId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
import { readerKey } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { CHANGE_COLUMNS, type LoggedChange } from '../../engines/log/change-log.ts'
import { createConsumer } from '../../engines/log/consumer.ts'
import type { LagMetric } from '../../engines/log/lag.ts'
import { type Position, readEndPosition } from '../../engines/log/log-rows.sql.ts'
import type { ReadersLike } from '../factors/readers-like.ts'
import { listPinned } from '../pages/pinned.sql.ts'
import type { RankedBuffers } from '../pages/ranked-buffer.ts'
import type { Policies } from '../policy/policies.ts'
import type { RecentViewers } from '../recent-viewers.ts'
import type { Covisits } from '../sources/covisits.ts'
import {
  BEHAVIOURS_ALIKE,
  behaviourColumns,
  type LoggedBehaviours,
  listDays,
  listImpressionStats,
  listNewestClicks,
  listPublishedFacts,
  listRecentWeights,
  listViewerWeights,
  type WeightedAction,
} from './catalogue.sql.ts'
import type { ArticleFacts, Catalogue } from './catalogue.ts'
import type { CatalogueSnapshot, SnapshotFile } from './catalogue-snapshot.ts'
import { createDailyWeights, REMEMBERED_MAX } from './daily-weights.ts'

export interface RecommenderMemory {
  catalogue: Catalogue
  covisits: Covisits
  rankedBuffers: RankedBuffers
  recentViewers: RecentViewers
  policies: Pick<Policies, 'live' | 'load'>
  readersLike: Pick<ReadersLike, 'recordClick' | 'save' | 'restore'>
}

export interface CatalogueConsumer {
  /** Applies what was committed since the last call. */
  catchUp(): Promise<void>
  /** After the last call of `catchUp`. */
  close(): Promise<void>
}

export interface ConsumerOptions {
  lags?: LagMetric
  /** Without it everything is read from the rows. */
  snapshots?: SnapshotFile
}

const IMPRESSION_DAYS = 3 // the two days an article may be explored, and one more
const COVISIT_DAYS = 14
const COVISIT_CLICKS = 200_000 // a second's work; older clicks would be evicted anyway
const CLICKS_BATCH = 5_000 // a tenth of a second of PostgreSQL
const CLICKS_SLICE = 2_000 // some ten milliseconds
const LOAD_BATCH = 10_000
const MUCH_GARBAGE_FROM = 10_000 // articles: their rows and those of the clicks leave some 50 MB
const START_MS = 2_000 // until the rest of the start has left its garbage too

/**
 * Loads everything from a snapshot; or from the rows, but the newest clicks, for what is read together: these come with the first
 * `catchUp`. The returned consumer keeps it current.
 */
export async function startCatalogueConsumer(
  db: Db,
  memory: RecommenderMemory,
  { lags, snapshots }: ConsumerOptions = {},
): Promise<CatalogueConsumer> {
  const { catalogue, covisits, rankedBuffers, recentViewers, policies, readersLike } = memory
  // The end of the logs is read before the rows. Behaviours are loaded up to there: each is counted once, loaded or from the log.
  const end = await readEndPosition(db)
  await policies.load()
  let feedback = policies.live().feedback
  const snapshot = await snapshots?.read(end)
  const startAt = snapshot?.behaviours ?? end
  let dailyWeights = await (snapshot ? restore(snapshot) : loadAll())
  let loadingClicks: Promise<void> | undefined
  let hasClicks = snapshot !== undefined
  /** What is in memory may be of rows that are gone. */
  let hadGap = false

  async function loadAll() {
    await loadArticles(db, catalogue)
    await loadImpressionStats(db, catalogue, startAt)
    return loadWeights(startAt)
  }

  async function restore({ writtenAt, ...saved }: CatalogueSnapshot) {
    catalogue.restore(saved.catalogue)
    covisits.restore(saved.covisits)
    readersLike.restore(saved.readersLike)
    catalogue.setPinned(await listPinned(db))
    // Other processes have served pages meanwhile, which are in no log. Clicks are.
    const day = { from: new Date(writtenAt).toISOString(), until: 'infinity' }
    for (const { id, shown } of await listImpressionStats(db, { day })) catalogue.addImpressions(id, 'shown', shown)
    return createDailyWeights(saved.dailyWeights)
  }

  async function loadClicks() {
    if (!hasClicks) await loadNewestClicks(db, memory, startAt)
    hasClicks = true
    if (catalogue.size() >= MUCH_GARBAGE_FROM) setTimeout(collectGarbage, START_MS).unref()
  }

  /** What was done up to a position of the log, weighed by the policy. */
  async function loadWeights(upTo: Position, by = feedback) {
    const query = { rules: by.rules, upTo }
    const recent: WeightedAction[][] = []
    const daily = createDailyWeights()
    let limit = REMEMBERED_MAX
    for (const day of await listDays(db, by.days)) {
      recent.push(await listRecentWeights(db, { ...query, day }))
      const ofViewers = limit > 0 ? await listViewerWeights(db, { ...query, day, limit }) : []
      for (const { viewer, id, at, weight } of ofViewers) daily.increase(viewer, id, at, weight)
      limit -= ofViewers.length
    }
    catalogue.clearWeights()
    for (const { id, weight, at, isKnown } of recent.flat()) catalogue.addWeight(id, weight, at, isKnown)
    return daily
  }

  /** A policy that weighs otherwise: what is in memory is weighed anew, and the log goes on from there. */
  async function followFeedback(): Promise<void> {
    const { feedback: next } = policies.live()
    if (isDeepStrictEqual(next, feedback)) return
    dailyWeights = await loadWeights(behaviours.position(), next)
    feedback = next
  }

  function applyBehaviours({ viewer, action, ids, weight, at, isKnown }: LoggedBehaviours): void {
    if (viewer !== null) rankedBuffers.discard(viewer)
    for (const id of ids) {
      if (viewer !== null) recentViewers.noteAction(viewer, { action, id, at })
      // The rows of anonymous viewers are limited by address where they are written.
      const added = viewer === null ? weight : dailyWeights.increase(viewer, id, at, weight)
      if (added !== 0) catalogue.addWeight(id, added, at, isKnown)
      // What others are shown beside an article, or to try it, depends on known viewers only.
      if (action !== 'click' || viewer === null || !isKnown) continue
      catalogue.addImpressions(id, 'clicks')
      covisits.recordClick(viewer, id, at)
      readersLike.recordClick(viewer, id)
    }
  }

  async function applyChanges(rows: LoggedChange[]): Promise<void> {
    const ids = [...new Set(rows.filter(change => change.topic === 'article').map(change => change.key as ArticleId))]
    if (ids.length > 0) {
      const published = await listPublishedFacts(db, { ids })
      const publishedIds = new Set(published.map(facts => facts.id))
      for (const id of ids) if (!publishedIds.has(id)) catalogue.remove(id)
      for (const facts of published) catalogue.put(facts)
    }
    if (rows.some(({ topic }) => topic === 'top')) catalogue.setPinned(await listPinned(db))
    if (rows.some(change => change.topic === 'policy')) await policies.load()
    for (const { topic, key } of rows)
      if (topic === 'relations') {
        rankedBuffers.discard(readerKey(key as ReaderId))
        recentViewers.forget(readerKey(key as ReaderId))
      }
  }

  const changes = await createConsumer<LoggedChange>({
    db,
    log: 'change',
    name: 'recommender',
    columns: CHANGE_COLUMNS,
    startAt: { ...end, ...snapshot?.changes },
    onRows: applyChanges,
    async onGap() {
      hadGap = true
      recentViewers.forgetAll()
      await policies.load()
      await loadArticles(db, catalogue)
    },
    lags,
  })
  const behaviours = await createConsumer<LoggedBehaviours>({
    db,
    log: 'behaviour',
    name: 'recommender behaviours',
    columns: () => behaviourColumns(feedback.rules),
    alike: BEHAVIOURS_ALIKE,
    startAt: { ...end, ...startAt },
    onRows: rows => rows.forEach(applyBehaviours),
    // Rows of this log are deleted after a month, when every consumer has read them; a crash loses a moment's clicks.
    onGap() {
      hadGap = true
      recentViewers.forgetAll()
    },
    lags,
  })

  recentViewers.follow(() => ({
    changes: changes.position(),
    behaviours: behaviours.position(),
    // One log may have been read before a crash of the database, the other after it.
    incarnation: changes.incarnation() === behaviours.incarnation() ? changes.incarnation() : '',
  }))
  // No viewer is served from the articles of an hour ago.
  if (snapshot) await changes.catchUp()
  return {
    async catchUp() {
      // Before newer clicks, because a click is paired with those before it.
      loadingClicks ??= loadClicks()
      await loadingClicks.catch(err => {
        loadingClicks = undefined
        throw err
      })
      // Behind an import of a million behaviours, a new article would wait for minutes.
      do {
        await changes.catchUp()
        await followFeedback()
      } while (!(await behaviours.readBatch()))
    },

    async close() {
      const isWeighedByLivePolicy = isDeepStrictEqual(policies.live().feedback, feedback)
      if (!snapshots || hadGap || !hasClicks || !isWeighedByLivePolicy) return
      const positions = { changes: changes.position(), behaviours: behaviours.position() }
      const parts = {
        catalogue: catalogue.save(),
        dailyWeights: dailyWeights.save(),
        covisits: covisits.save(),
        readersLike: readersLike.save(),
      }
      await snapshots.write({ ...positions, ...parts }, changes.incarnation())
    },
  }
}

async function loadImpressionStats(db: Db, catalogue: Catalogue, upTo: Position): Promise<void> {
  for (const day of await listDays(db, IMPRESSION_DAYS))
    for (const { id, shown, clicks } of await listImpressionStats(db, { day, upTo })) {
      catalogue.addImpressions(id, 'shown', shown)
      catalogue.addImpressions(id, 'clicks', clicks)
    }
}

async function loadNewestClicks(db: Db, { covisits, readersLike }: RecommenderMemory, upTo: Position): Promise<void> {
  const clicks = await listNewestClicks(db, { days: COVISIT_DAYS, limit: COVISIT_CLICKS, batch: CLICKS_BATCH, upTo })
  for (const [i, { viewer, id, at }] of clicks.toReversed().entries()) {
    if (i % CLICKS_SLICE === 0) await setImmediate()
    covisits.recordClick(viewer, id, at)
    readersLike.recordClick(viewer, id)
  }
}

/** Makes the catalogue equal to the published rows; after a gap in the log this also removes withdrawn articles. */
async function loadArticles(db: Db, catalogue: Catalogue): Promise<void> {
  const published: ArticleFacts[] = []
  for (let after = 0n as ArticleId; ; ) {
    const batch = await listPublishedFacts(db, { after, limit: LOAD_BATCH })
    published.push(...batch)
    const last = batch.at(-1)
    if (!last) break
    after = last.id
  }
  catalogue.putAll(published)
  catalogue.setPinned(await listPinned(db))
  if (catalogue.size() === published.length) return
  const publishedIds = new Set(published.map(({ id }) => id))
  const withdrawn = [...catalogue.newest(RECOMMENDED_CHANNEL)].filter(({ id }) => !publishedIds.has(id))
  for (const { id } of withdrawn) catalogue.remove(id)
}
