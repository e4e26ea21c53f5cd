// Changes whose effect threw: set aside with the reason, tried again with growing pauses, then left to an operator.

import { sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'
import type { Position } from './log-rows.sql.ts'
import type { ConsumerId } from './offset.sql.ts'

export interface SetAside<Row> {
  id: bigint
  row: Row
  attempts: number
}

const REASON_MAX = 500 // the message of an error with the start of its cause

/** `delayMs` until the next attempt; undefined: an operator decides. */
export async function setAside<Row extends Position>(
  tx: Tx,
  { log, name }: ConsumerId,
  { row, err, delayMs }: { row: Row; err: unknown; delayMs: number | undefined },
): Promise<void> {
  await sql`
    insert into set_aside (log, consumer, xid, seq, row, reason, next_at)
    values (${log}, ${name}, ${row.xid}::xid8, ${row.seq}, ${encodeRow(row)}::jsonb, ${reasonOf(err)}, ${nextAt(delayMs)})`.execute(tx)
}

export async function countSetAside(db: Db, { log, name }: ConsumerId): Promise<{ all: number; due: number }> {
  const { rows } = await sql<{ all: number; due: number }>`
    select count(*)::int as all, count(*) filter (where next_at <= clock_timestamp())::int as due
      from set_aside where log = ${log} and consumer = ${name}`.execute(db)
  return rows[0] ?? { all: 0, due: 0 }
}

export async function listDue<Row>(db: Db, { log, name }: ConsumerId, limit: number): Promise<SetAside<Row>[]> {
  const { rows } = await sql<{ id: bigint; row: string; attempts: number }>`
    select id, row::text as row, attempts from set_aside
     where log = ${log} and consumer = ${name} and next_at <= clock_timestamp() order by id limit ${limit}`.execute(db)
  return rows.map(each => ({ ...each, row: decodeRow<Row>(each.row) }))
}

/** False if another process has taken it. */
export async function takeSetAside(db: Db | Tx, id: bigint): Promise<boolean> {
  const { numAffectedRows } = await sql`delete from set_aside where id = ${id}`.execute(db)
  return numAffectedRows === 1n
}

export async function noteFailure(db: Db, id: bigint, err: unknown, delayMs: number | undefined): Promise<void> {
  await sql`
    update set_aside set attempts = attempts + 1, reason = ${reasonOf(err)}, tried_at = now(), next_at = ${nextAt(delayMs)}
     where id = ${id}`.execute(db)
}

const nextAt = (delayMs: number | undefined) =>
  delayMs === undefined ? sql`null` : sql`clock_timestamp() + make_interval(secs => ${delayMs / 1000})`

// NUL is not allowed in text of PostgreSQL.
const reasonOf = (err: unknown) => (err instanceof Error ? err.message : String(err)).replaceAll('\0', '').slice(0, REASON_MAX)

// JSON has no bigint, and ids above 2^53 must stay exact.
const encodeRow = (row: object) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? { bigint: String(value) } : value))
export const decodeRow = <Row>(text: string): Row =>
  JSON.parse(text, (_, value: { bigint?: unknown } | null) => (typeof value?.bigint === 'string' ? BigInt(value.bigint) : value)) as Row
