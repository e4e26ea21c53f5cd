// Parameters that the planner does not see. A connection keeps the plan of a repeated statement only if plans for the values
// themselves do not look cheaper, and for a short array or a position near the end of a log they always do. The statement is then
// planned for each run, which takes longer than the run.

import { type RawBuilder, sql } from 'kysely'

export const unseen = (value: unknown, type: string): RawBuilder<never> => sql`(select ${value}::${sql.raw(type)})`

/** A position in a log, to compare `(xid, seq)` with. */
export const unseenPosition = (xid: string, seq: bigint | string): RawBuilder<never> => sql`(select ${xid}::xid8, ${seq}::bigint)`

/** One value of each row, undefined as null: an array of `type`, for `unnest`. */
export const unseenColumn = <Row>(type: string, rows: readonly Row[], valueOf: (row: Row) => unknown): RawBuilder<never> =>
  unseen(
    rows.map(row => valueOf(row) ?? null),
    `${type}[]`,
  )
