// A consumer of a log whose offset is a row in PostgreSQL, so it goes on after a restart. A new one begins at a snapshot: it
// rebuilds its results from the rows and follows from there. A change whose effect throws is set aside; the others go on.

import type { RawBuilder } from 'kysely'
import type pg from 'pg'
import { tryWithAdvisoryLock } from '../database/advisory-lock.ts'
import type { Db, Tx } from '../database/database.ts'
import { createEffects } from './effects.ts'
import { createLagTracker, type LagMetric } from './lag.ts'
import { type LogTable, type Position, readEndPosition, readRowsAfter } from './log-rows.sql.ts'
import { addConsumer, claimLease, findOffset, forgetOffset, type StoredOffset, startAtOffset } from './offset.sql.ts'
import { countSetAside } from './set-aside.sql.ts'

/** The declaration of a consumer, the same in every process. */
export interface DurableConsumerSpec<Row extends Position> {
  name: string
  /** Count deltas are not followed: they are folded and deleted within moments. */
  log: Exclude<LogTable, 'counter_delta'>
  /** What is selected of a row besides its position. */
  columns: RawBuilder<unknown>
  /** Default: every row. */
  wants?(row: Row): boolean
  effect: Effect<Row>
  /** Makes the results from the rows. It may be interrupted, and is then called again. */
  rebuild(snapshot: Snapshot): Promise<Position | void>
}

export interface Snapshot {
  /**
   * Rows below it are in what `rebuild` reads. Rows above may be as well: they are read again. If `rebuild` goes on with work
   * that was interrupted, it returns the earlier end of that.
   */
  end: Position
  /** Differs after the database was restored: then interrupted work cannot be gone on with. */
  lineage: string
  /** To be called before results are replaced that an operator asked to rebuild: until then they are kept up to date. */
  forget(): Promise<void>
}

/**
 * A row whose effect throws is set aside and tried again later, after rows that follow it. An error of kind `unavailable`, or
 * of a database that is down, says that no effect can succeed now: then the consumer waits, as long as `probe` fails as well.
 * If `probe` succeeds and a row alone still ends so after some minutes, the row is at fault and is set aside too.
 */
export type Effect<Row> =
  /** The effect and the offset are committed together: each row has its effect once. */
  | { where: 'postgres'; apply(rows: Row[], tx: Tx): Promise<void> }
  /** The offset is written after the effect: each row has its effect at least once. Without `probe`, PostgreSQL is asked. */
  | { where: 'elsewhere'; apply(rows: Row[]): Promise<void>; probe?(): Promise<unknown> }

export interface DurableConsumer {
  /** Retries what is due and reads on to the end of the log. It must not be called again before it has returned. */
  catchUp(): Promise<void>
  /** Begins at a snapshot whatever the offset is. Returns false if another process does so at this moment. */
  rebuild(): Promise<boolean>
  lagSeconds(): number
}

export interface DurableConsumerNeeds {
  db: Db
  pool: pg.Pool
  lags?: LagMetric
  /** Of this process. Processes that give one run the consumer in turn; the offset is safe without. */
  leaseHolder?: string
  /** Milliseconds, monotonic. */
  clock?: () => number
  batchSize?: number
  /** The pauses before a change that was set aside is tried again. After the last one an operator decides. */
  retryDelaysMs?: readonly number[]
}

// A transaction over 200 ms delays every consumer. An effect has less than half a millisecond for a row.
const BATCH_SIZE = 500
/** Two and a half minutes together: longer than a deploy or a lock lasts, so what still throws is a bug. */
const RETRY_DELAYS_MS = [1_000, 5_000, 25_000, 125_000]
/** After a worker was killed, its consumers stand still so long. A pause of garbage collection or of the disk is shorter. */
const LEASE_S = 10
/** What made a snapshot fail may take a while. */
const SNAPSHOT_PAUSE_MS = 10_000
/** At rest the offset is written so often: operators see that the consumer lives, and its lag. */
const HEARTBEAT_MS = 10_000

export function createDurableConsumer<Row extends Position>(spec: DurableConsumerSpec<Row>, needs: DurableConsumerNeeds): DurableConsumer {
  const { log, name, columns } = spec
  const { db, pool, lags, leaseHolder, clock = () => performance.now() } = needs
  const { batchSize = BATCH_SIZE, retryDelaysMs = RETRY_DELAYS_MS } = needs
  const id = { log, name }
  const lag = createLagTracker(clock)
  let offset = 0n
  let setAside = 0
  let writtenAt = Number.NEGATIVE_INFINITY
  let isOurs = true
  let retrySnapshotAt = Number.NEGATIVE_INFINITY
  lags?.add(name, () => (isOurs ? lag.seconds() : undefined), { offset: () => Number(offset), setAside: () => setAside })

  const readSetAside = async () => {
    const counts = await countSetAside(db, id)
    setAside = counts.all
    return counts
  }
  const effects = createEffects(spec, { db, retryDelaysMs, clock, countSetAside: async () => (await readSetAside()).all })

  async function readBatch(position: StoredOffset): Promise<Outcome> {
    const at = clock()
    const { rows, end } = await readRowsAfter<Row>(db, log, { columns, after: position, limit: batchSize })
    // Rows after the offset were deleted, or the log ends before it: the database was restored from elsewhere.
    if (BigInt(end.xmin) < BigInt(position.xid) || BigInt(end.floor) > BigInt(position.xid)) return begin(position)
    const last = rows.at(-1)
    const atEnd = rows.length < batchSize
    const to = atEnd ? { xid: end.xmin, seq: 0n } : { xid: (last as Row).xid, seq: (last as Row).seq }
    const isWritten = rows.length > 0 || clock() > writtenAt + HEARTBEAT_MS
    const moved = !isWritten || (await effects.applyAndAdvance(rows, { from: position, to, atEnd }))
    if (!moved) return 'more'
    if (isWritten) writtenAt = clock()
    offset = BigInt(to.xid)
    lag.observeEnd(end, offset, at)
    return atEnd ? 'at end' : 'more'
  }

  /** Begins at a snapshot if it is needed. Returns false while another process does. */
  async function buildSnapshot(isNeeded: (now: StoredOffset | undefined) => boolean): Promise<boolean> {
    const attempt = await tryWithAdvisoryLock(pool, ['log-snapshot', `${log} ${name}`], async () => {
      if (!isNeeded(await findOffset(db, id))) return
      // The end is read before the rows, so nothing is lost between the two.
      const end = await readEndPosition(db)
      await addConsumer(db, id, end)
      const position = await spec.rebuild({ end, lineage: end.lineage, forget: () => forgetOffset(db, id) })
      await startAtOffset(db, id, position ?? end, end.lineage)
      lag.reset()
    })
    return attempt.acquired
  }

  /** `unusable` is the offset that cannot be followed from. */
  async function begin(unusable: StoredOffset | undefined): Promise<Outcome> {
    if (clock() < retrySnapshotAt) return 'waiting'
    const isUnchanged = (now: StoredOffset | undefined) => !now || (now.xid === unusable?.xid && now.lineage === unusable.lineage)
    const ran = await buildSnapshot(isUnchanged).catch(err => {
      retrySnapshotAt = clock() + SNAPSHOT_PAUSE_MS
      throw err
    })
    return ran ? 'more' : 'left to another'
  }

  async function hasLease(position: StoredOffset): Promise<boolean> {
    if (leaseHolder === undefined) return true
    // At most half of the lease passes before it is renewed.
    if (position.leaseHolder === leaseHolder && position.leaseSeconds > LEASE_S / 2) return true
    if (position.leaseHolder !== leaseHolder && position.leaseSeconds > 0) return false
    return claimLease(db, id, leaseHolder, LEASE_S)
  }

  async function readOn(isFirst: boolean): Promise<Outcome> {
    const position = await findOffset(db, id)
    if (!position || position.lineage !== position.currentLineage) return begin(position)
    if (!(await hasLease(position))) return 'left to another'
    // Before reading, because a consumer with too many changes set aside reads no further until they are retried.
    if (isFirst && (await readSetAside()).due > 0) await effects.retryDue()
    return readBatch(position)
  }

  return {
    lagSeconds: lag.seconds,
    async catchUp() {
      let outcome = await readOn(true)
      while (outcome === 'more') outcome = await readOn(false)
      isOurs = outcome !== 'left to another'
    },
    rebuild: () => buildSnapshot(() => true),
  }
}

/** Of one step. Another process may run the consumer, or build its snapshot. `waiting`: the snapshot failed a moment ago. */
type Outcome = 'more' | 'at end' | 'left to another' | 'waiting'
