// Keeps the learner in step with the logs of pages and behaviours. It goes on from its last snapshot; without one it learns the
// last days from the rows, and follows from there. All of it in slices, between which requests are answered.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Log } from '../../base/log.ts'
import type { Counter, Metrics } from '../../base/metrics.ts'
import type { Db } from '../../engines/database/database.ts'
import { createLagTracker } from '../../engines/log/lag.ts'
import { readEndPosition } from '../../engines/log/log-rows.sql.ts'
import { FEATURES } from '../model/feature-names.ts'
import { readSnapshot, writeSnapshot } from '../snapshot-file.ts'
import type { Learner } from './learner.ts'
import { findClicksSince, type LearnerPosition, listEntriesByTime, readEntriesAfter, type TimeCursor } from './log.sql.ts'
import type { LogEntry } from './log-entry.ts'
import { HEADS } from './opened-articles.ts'

export interface FollowerNeeds {
  db: Db
  learner: Learner
  file: string
  log: Log
  metrics?: Metrics
  /** Milliseconds, monotonic. */
  clock?: () => number
  snapshotEveryMs?: number
  /** Entries read at once. */
  batchSize?: number
}

export interface Follower {
  /** Learns what was committed since the last call. It must not be called again before it has returned. */
  catchUp(): Promise<void>
  /** Ends `catchUp` early. */
  stop(): void
  /** After the last call of `catchUp`. */
  close(): Promise<void>
}

/** Of the parts; with the features: a model of another version cannot be gone on with. */
export const SNAPSHOT_VERSION = `2 ${FEATURES.join(' ')}`
/** A restart learns again what came after it: some thousand clicks on a busy site, in less than a second. */
const SNAPSHOT_EVERY_MS = 60_000
const BATCH_SIZE = 500
/** Requests wait so long for the learner at most; an entry takes a third of a millisecond. */
const SLICE_MS = 3
/** What is learned from the rows: factors and co-clicks need weeks, and that many clicks take a minute of slices. */
const [FIRST_DAYS, FIRST_CLICKS] = [14, 100_000]

interface About {
  position: LearnerPosition
  lineage: string
}

export function createFollower({ db, learner, file, log, metrics, ...options }: FollowerNeeds): Follower {
  const { clock = () => performance.now(), snapshotEveryMs = SNAPSHOT_EVERY_MS, batchSize = BATCH_SIZE } = options
  const lag = createLagTracker(clock)
  const learned = metrics && declareMetrics(metrics, learner, lag.seconds)
  let position: LearnerPosition | undefined
  let lineage = ''
  /** What is being learned from the rows, and how far: it goes on there if PostgreSQL was away meanwhile. */
  let fromRows: { end: LearnerPosition; after: TimeCursor } | undefined
  let isChanged = false
  let isStopped = false
  let writtenAt = clock()

  async function learn(entries: readonly LogEntry[]): Promise<void> {
    let sliceEndsAt = clock() + SLICE_MS
    const giveWay = async () => {
      if (clock() < sliceEndsAt) return
      await nextTurn()
      sliceEndsAt = clock() + SLICE_MS
    }
    for (const entry of entries) {
      const outcome = applyOne(entry)
      learned?.add([outcome])
      for (const _ of learner.upkeep()) await giveWay()
      await giveWay()
    }
  }

  /** An entry that cannot be learned is passed over: what an entry before it did must not be done again. */
  function applyOne(entry: LogEntry): string {
    try {
      return learner.apply(entry)
    } catch (err) {
      log.error({ err, kind: entry.kind }, 'an entry could not be learned')
      return 'failed'
    }
  }

  async function saveSnapshot(): Promise<void> {
    if (!position) return
    const startedAt = clock()
    writtenAt = startedAt // a full disk is tried once a minute
    await writeSnapshot<About>(file, SNAPSHOT_VERSION, { about: { position, lineage }, parts: learner.parts() })
    isChanged = false
    log.debug({ ms: Math.round(clock() - startedAt), ...learner.stats() }, 'wrote a snapshot of the model')
  }

  /** From the last snapshot, if there is one of this database. */
  async function restore(): Promise<void> {
    const { xid, lineage: current } = await readEndPosition(db)
    const snapshot = await readSnapshot<About>(file, SNAPSHOT_VERSION)
    lineage = current
    if (snapshot?.about.lineage === current) {
      learner.restore(snapshot.parts)
      // PostgreSQL may have lost transactions that had not ended when it crashed.
      position = BigInt(snapshot.about.position.xid) > BigInt(xid) ? beginningOf(xid) : snapshot.about.position
    } else fromRows = { end: beginningOf(xid), after: { at: await findClicksSince(db, FIRST_CLICKS), seq: '0' } }
  }

  async function learnFromRows(): Promise<void> {
    while (fromRows && !isStopped) {
      const { end, after } = fromRows
      const entries = await listEntriesByTime(db, { days: FIRST_DAYS, before: end.xid, after, limit: batchSize })
      await learn(entries.filter(teaches))
      isChanged ||= entries.length > 0
      const last = entries.at(-1)
      if (last) fromRows.after = { at: last.at, seq: last.seq }
      else {
        position = end
        fromRows = undefined
        if (!isChanged) return
        log.info(learner.stats(), 'learned from the last days')
        await saveSnapshot()
      }
    }
  }

  /** Whether the end of the logs is reached. */
  async function readBatch(from: LearnerPosition): Promise<boolean> {
    const at = clock()
    const { entries, count, last, ...end } = await readEntriesAfter(db, from, batchSize)
    if (end.lineage !== lineage) throw new Error('the database was restored: the model is learned anew when this process restarts')
    await learn(entries)
    isChanged ||= count > 0
    const atEnd = count < batchSize
    position = atEnd ? beginningOf(end.xmin) : (last as LearnerPosition)
    lag.observeEnd(end, BigInt(position.xid), at)
    return atEnd
  }

  return {
    async catchUp() {
      if (!position && !fromRows) await restore()
      await learnFromRows()
      while (position && !isStopped && !(await readBatch(position)));
      if (isChanged && clock() - writtenAt >= snapshotEveryMs) await saveSnapshot()
    },
    stop() {
      isStopped = true
    },
    async close() {
      if (isChanged) await saveSnapshot()
    },
  }
}

/** As readEntriesAfter has it. By time, PostgreSQL would read millions of the others for a batch. */
const teaches = (entry: LogEntry) => entry.kind === 'page' || entry.action !== 'exposure' || entry.pageId !== null

const beginningOf = (xid: string): LearnerPosition => ({ xid, pageSeq: '0', behaviourSeq: '0' })

function declareMetrics(metrics: Metrics, learner: Learner, lagSeconds: () => number): Counter {
  metrics.gauge('learner_lag_seconds', 'Seconds since the learner last reached the end of the logs', lagSeconds)
  metrics.gauge('learner_impressions', 'Clicked impressions that the weights of the model were learned from', () => learner.stats().learned)
  metrics.gauge('learner_in_use', 'Whether the feed is ranked by the model: 1, or by the five factors: 0', () =>
    Number(learner.isTrusted()),
  )
  metrics.labelledGauge(
    'learner_action_in_use',
    'Whether what follows a click is part of its score: 1, or as the mean for all: 0',
    ['action'],
    () => HEADS.map(head => [[head], Number(learner.isActionTrusted(head))] as const),
  )
  metrics.gauge('learner_loss', 'Mean loss of the model on impressions before it learned from them', () => learner.stats().loss)
  metrics.gauge(
    'learner_equal_loss',
    'The same loss if every article of an impression were as likely to be clicked',
    () => learner.stats().equalLoss,
  )
  metrics.gauge('learner_rollbacks', 'How often the weights went back to the last good ones', () => learner.stats().rollbacks)
  return metrics.counter('learner_entries_total', 'Pages and behaviours that the learner has read, but for exposures on no page', [
    'outcome',
  ])
}
