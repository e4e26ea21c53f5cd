// A follower of a log, by name. It keeps what it learns in memory only, and so begins at the end. One that stood still for
// so long that rows it had to read are gone is told of the gap, and makes what it keeps anew; and so is each when the database
// has another history, after a crash for example, for then it may have passed what is only written now.

import type { RawBuilder } from 'kysely'
import type { Db } from '../database/database.ts'
import { renewHistory } from './incarnation.sql.ts'
import { createLag, type Lags } from './lag.ts'
import { type LogTable, logHorizon, type Position, rowsAfter } from './log-reader.ts'

export interface Consumer {
  /** Reads on to the end of the log. One call at a time. */
  catchUp(): Promise<void>
  /** Which history of the database it follows. */
  history(): string
  /** The moment, by `performance.now()`, up to which everything that was committed has been taken in; undefined while that lies too far back to be known. */
  heardUntil(): number | undefined
  lagSeconds(): number
}

export interface ConsumerNeeds<Row extends Position> {
  db: Db
  log: LogTable
  name: string
  /** What of a row is read besides its position. */
  columns: RawBuilder<unknown>
  take(rows: Row[]): void | Promise<void>
  /** Rows it had still to read are gone, or in another history: whatever was known is unsure, and the next that is taken lies at or after `at`. */
  gap(at: Position, history: string): void | Promise<void>
  /** Where it begins; absent: at the end. */
  from?: Position & { history: string }
  most?: number
  /** Milliseconds, never going back. */
  clock?: () => number
  lags?: Lags
}

const BATCH = 1_000

export async function createConsumer<Row extends Position>(needs: ConsumerNeeds<Row>): Promise<Consumer> {
  const { db, log, name, columns, take, gap, most = BATCH, clock = () => performance.now(), lags } = needs
  const lag = createLag(clock)
  const begins = needs.from ?? (await logHorizon(db))
  let seen: Position = begins
  let { history } = begins
  lags?.add(name, lag.seconds)

  return {
    heardUntil: lag.heardUntil,
    lagSeconds: lag.seconds,
    history: () => history,
    async catchUp() {
      for (;;) {
        const at = clock()
        const { rows, end } = await rowsAfter<Row>(db, log, { columns, after: seen, most })
        // A log that ends before where we have been was put back.
        if (end.history === history && BigInt(end.horizon) < BigInt(seen.xid)) {
          await renewHistory(db, history)
          continue
        }
        if (end.history !== history || BigInt(end.floor) > BigInt(seen.xid)) {
          // The end was looked at before the rows are read anew, so nothing is left out between the two.
          await gap({ xid: end.horizon, seq: 0n }, end.history)
          seen = { xid: end.horizon, seq: 0n }
          history = end.history
          lag.forget()
          continue
        }
        if (rows.length > 0) await take(rows)
        const last = rows.at(-1)
        const whole = rows.length < most
        // Having read everything below the horizon is further than having read the last row.
        if (whole) seen = { xid: end.horizon, seq: 0n }
        else if (last) seen = { xid: last.xid, seq: last.seq }
        lag.looked(end, BigInt(seen.xid), at)
        if (whole) return
      }
    },
  }
}
