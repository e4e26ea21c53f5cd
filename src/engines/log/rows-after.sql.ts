import { type RawBuilder, sql } from 'kysely'
import { unseenPosition } from '../database/unseen.ts'
import type { LogTable, Position } from './log-rows.sql.ts'

/**
 * For a statement of another table: what a log has after a position, also above the oldest running transaction, where consumers do not
 * read yet. Ordered, so that it is read by the index of the log, whatever the planner expects. It does not see the position (unseen.ts).
 */
export const rowsAfter = (log: LogTable, { xid, seq }: Position, column: RawBuilder<unknown>, limit: number) => sql`(
  select ${column} from ${sql.table(log)} where (xid, seq) > ${unseenPosition(xid, seq)} order by xid, seq limit ${sql.lit(limit)})`
