// A follower of a log, by name. It keeps what it learns in memory only, and so begins at the end. One that stood still for
// so long that rows it had to read are gone is told of the gap, and makes what it keeps anew; and so is each when the database
// has another history, after a crash for example, for then it may have passed what is only written now.

import type { RawBuilder } from 'kysely'
import type { Db } from '../database/database.ts'
import { startNewIncarnation } from './incarnation.sql.ts'
import { createLagTracker, type LagMetric } from './lag.ts'
import { type LogTable, type Position, readEndPosition, readRowsAfter } from './log-reader.ts'

export interface Consumer {
  /** Reads on to the end of the log. One call at a time. */
  catchUp(): Promise<void>
  /** Which history of the database it follows. */
  incarnation(): string
  /** The moment, by `performance.now()`, up to which everything that was committed has been taken in; undefined while that lies too far back to be known. */
  caughtUpAt(): number | undefined
  lagSeconds(): number
}

export interface ConsumerNeeds<Row extends Position> {
  db: Db
  log: LogTable
  name: string
  /** What of a row is read besides its position. */
  columns: RawBuilder<unknown>
  onRows(rows: Row[]): void | Promise<void>
  /** Rows it had still to read are gone, or in another history: whatever was known is unsure, and the next that is taken lies at or after `at`. */
  onGap(at: Position, history: string): void | Promise<void>
  /** Where it begins; absent: at the end. */
  startAt?: Position & { history: string }
  limit?: number
  /** Milliseconds, never going back. */
  clock?: () => number
  lags?: LagMetric
}

const BATCH = 1_000

export async function createConsumer<Row extends Position>(needs: ConsumerNeeds<Row>): Promise<Consumer> {
  const { db, log, name, columns, onRows: take, onGap: gap, limit: most = BATCH, clock = () => performance.now(), lags } = needs
  const lag = createLagTracker(clock)
  const begins = needs.startAt ?? (await readEndPosition(db))
  let seen: Position = begins
  let { history } = begins
  lags?.add(name, lag.seconds)

  return {
    caughtUpAt: lag.caughtUpAt,
    lagSeconds: lag.seconds,
    incarnation: () => history,
    async catchUp() {
      for (;;) {
        const at = clock()
        const { rows, end } = await readRowsAfter<Row>(db, log, { columns, after: seen, most })
        // A log that ends before where we have been was put back.
        if (end.incarnation === history && BigInt(end.xmin) < BigInt(seen.xid)) {
          await startNewIncarnation(db, history)
          continue
        }
        if (end.incarnation !== history || BigInt(end.floor) > BigInt(seen.xid)) {
          // The end was looked at before the rows are read anew, so nothing is left out between the two.
          await gap({ xid: end.xmin, seq: 0n }, end.incarnation)
          seen = { xid: end.xmin, seq: 0n }
          history = end.incarnation
          lag.reset()
          continue
        }
        if (rows.length > 0) await take(rows)
        const last = rows.at(-1)
        const whole = rows.length < most
        // Having read everything below the horizon is further than having read the last row.
        if (whole) seen = { xid: end.xmin, seq: 0n }
        else if (last) seen = { xid: last.xid, seq: last.seq }
        lag.observeEnd(end, BigInt(seen.xid), at)
        if (whole) return
      }
    },
  }
}
