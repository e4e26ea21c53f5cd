// A named consumer of a log. Its results live in memory only, so it starts at the end of the log. If rows it has not read
// were deleted, or the database has a new incarnation, it reports a gap and goes on from the current end.

import type { RawBuilder } from 'kysely'
import type { Db } from '../database/database.ts'
import { startNewIncarnation } from './incarnation.sql.ts'
import { createLagTracker, type LagMetric } from './lag.ts'
import { type LogTable, type Position, readEndPosition, readRowsAfter, type Validity } from './log-rows.sql.ts'

export interface Consumer {
  /** Reads on to the end of the log. It must not be called again before it has returned. */
  catchUp(): Promise<void>
  /** Reads the next rows; resolves with whether the end of the log is reached. Like `catchUp`, one call at a time. */
  readBatch(): Promise<boolean>
  incarnation(): string
  /** Every row below it has been consumed, unless a batch is under way. */
  position(): Position
  /** The time, by `clock`, before which every commit has been consumed. Undefined until the first end of the log is reached. */
  caughtUpAt(): number | undefined
  lagSeconds(): number
}

export interface ConsumerNeeds<Row extends Position> {
  db: Db
  log: LogTable
  name: string
  /** What is selected of a row besides its position; a function if that changes. */
  columns: RawBuilder<unknown> | (() => RawBuilder<unknown>)
  /** See LogQuery. */
  alike?: RawBuilder<unknown>
  /** If it throws, the same rows are passed to it again by the next `catchUp`. */
  onRows(rows: Row[]): void | Promise<void>
  /** Rows were missed: whatever was derived from them may be stale. The next rows are at or after `at`. */
  onGap(at: Position, incarnation: string): void | Promise<void>
  /** Default: the end of the log. */
  startAt?: Position & Pick<Validity, 'incarnation'>
  batchSize?: number
  /** Milliseconds, monotonic. */
  clock?: () => number
  lags?: LagMetric
}

const BATCH_SIZE = 1_000

export async function createConsumer<Row extends Position>(needs: ConsumerNeeds<Row>): Promise<Consumer> {
  const { db, log, name, columns, alike, onRows, onGap, batchSize = BATCH_SIZE, clock = () => performance.now(), lags } = needs
  const lag = createLagTracker(clock)
  const startAt = needs.startAt ?? (await readEndPosition(db))
  let position: Position = startAt
  let { incarnation } = startAt
  lags?.add(name, lag.seconds)

  async function readBatch(): Promise<boolean> {
    const at = clock()
    const { rows, count, end } = await readRowsAfter<Row>(db, log, {
      columns: typeof columns === 'function' ? columns() : columns,
      alike,
      after: position,
      limit: batchSize,
    })
    // A log that ends before our position was restored to an earlier state. PostgreSQL itself does not notice.
    if (end.incarnation === incarnation && BigInt(end.xmin) < BigInt(position.xid)) {
      await startNewIncarnation(db, incarnation)
      return false
    }
    const endPosition = { xid: end.xmin, seq: 0n }
    if (end.incarnation !== incarnation || BigInt(end.floor) > BigInt(position.xid)) {
      // The end was read before the listener reads the rows again, so nothing is lost between the two.
      await onGap(endPosition, end.incarnation)
      position = endPosition
      incarnation = end.incarnation
      lag.reset()
      return false
    }
    if (rows.length > 0) await onRows(rows)
    const last = rows.at(-1)
    const atEnd = count < batchSize
    // At the end everything below xmin has been read, which is further than the last row.
    if (atEnd) position = endPosition
    else if (last) position = { xid: last.xid, seq: last.seq }
    lag.observeEnd(end, BigInt(position.xid), at)
    return atEnd
  }

  return {
    caughtUpAt: lag.caughtUpAt,
    lagSeconds: lag.seconds,
    incarnation: () => incarnation,
    position: () => position,
    readBatch,
    async catchUp() {
      while (!(await readBatch()));
    },
  }
}
