// Hands every change to those in this process who keep something of the rows in memory.

import type { Db } from '../database/database.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import type { LagMetric } from './lag.ts'
import { CHANGE_COLUMNS, type LoggedChange, type Position } from './log-reader.ts'

export interface ChangeListener {
  onChanges(changes: LoggedChange[]): void
  /** Changes were dropped unread: whatever is kept may be old. Those at or after `at` are told as ever. */
  onGap(at: Position, history: string): void | Promise<void>
}

/** Begins at the end of the log; each time it catches up it tells of what has happened since. */
export function followChanges(
  db: Db,
  name: string,
  { onChanges: changes, onGap: gap }: ChangeListener,
  lags?: LagMetric,
): Promise<Consumer> {
  return createConsumer<LoggedChange>({ db, log: 'change', name, columns: CHANGE_COLUMNS, onRows: changes, onGap: gap, lags })
}
