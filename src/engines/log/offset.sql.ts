// The offsets of durable consumers: one row of log_consumer each.

import { sql } from 'kysely'
import type { Db, Tx } from '../database/database.ts'
import type { LogTable, Position } from './log-rows.sql.ts'

export interface ConsumerId {
  log: LogTable
  name: string
}

export interface StoredOffset extends Position {
  lineage: string
  /** The lineage of the database now. */
  currentLineage: string
  leaseHolder: string | null
  /** Negative: the lease has ended. */
  leaseSeconds: number
}

export async function findOffset(db: Db, { log, name }: ConsumerId): Promise<StoredOffset | undefined> {
  const { rows } = await sql<StoredOffset>`
    select xid::text as xid, seq, lineage, log_lineage() as "currentLineage",
           lease_holder as "leaseHolder",
           coalesce(extract(epoch from lease_until - clock_timestamp()), -1)::float8 as "leaseSeconds"
      from log_consumer where log = ${log} and name = ${name} and lineage is not null`.execute(db)
  return rows[0]
}

/**
 * Moves the offset, unless another process has moved it; returns whether it did. If PostgreSQL crashed after `to` was read,
 * `to` may lie above the transaction ids that are assigned now. Such an offset would skip changes, so it is refused.
 */
export async function advanceOffset(
  db: Db | Tx,
  { log, name }: ConsumerId,
  { from, to, atEnd }: { from: Position; to: Position; atEnd: boolean },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update log_consumer set xid = ${to.xid}::xid8, seq = ${to.seq}, seen_at = now(), caught_up_at = case when ${atEnd} then now() else caught_up_at end
     where log = ${log} and name = ${name} and xid = ${from.xid}::xid8 and seq = ${from.seq} and lineage is not null
       and ${to.xid}::xid8 <= pg_current_xact_id()`.execute(db)
  return numAffectedRows === 1n
}

/** Takes or renews the lease; returns false if another holder has it. */
export async function claimLease(db: Db, { log, name }: ConsumerId, holder: string, seconds: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update log_consumer set lease_holder = ${holder}, lease_until = clock_timestamp() + make_interval(secs => ${seconds}), seen_at = now()
     where log = ${log} and name = ${name} and (lease_holder = ${holder} or lease_until is null or lease_until < clock_timestamp())`.execute(
    db,
  )
  return numAffectedRows === 1n
}

/** Ends the leases of a process that stops, so that others need not wait for their end. */
export async function releaseLeases(db: Db, holder: string): Promise<void> {
  await sql`update log_consumer set lease_holder = null, lease_until = null where lease_holder = ${holder}`.execute(db)
}

/** Ends the use of an offset: nothing advances it, and the consumer begins at a snapshot. */
export async function forgetOffset(db: Db, { log, name }: ConsumerId): Promise<void> {
  await sql`update log_consumer set lineage = null where log = ${log} and name = ${name}`.execute(db)
}

/** Before a first snapshot: operators see that the consumer builds it, and the log keeps what follows `end`. */
export async function addConsumer(db: Db, { log, name }: ConsumerId, end: Position): Promise<void> {
  await sql`
    insert into log_consumer (log, name, xid, seq, caught_up_at) values (${log}, ${name}, ${end.xid}::xid8, ${end.seq}, now())
    on conflict do nothing`.execute(db)
}

/** Begins at an offset that all rows were read at. What was set aside before is covered by them. */
export function startAtOffset(db: Db, { log, name }: ConsumerId, { xid, seq }: Position, lineage: string): Promise<void> {
  return db.transaction().execute(async tx => {
    await sql`delete from set_aside where log = ${log} and consumer = ${name}`.execute(tx)
    const { numAffectedRows } = await sql`
      insert into log_consumer (log, name, xid, seq, lineage)
      select ${log}, ${name}, ${xid}::xid8, ${seq}, ${lineage} where ${xid}::xid8 <= pg_current_xact_id()
      on conflict (log, name) do update set xid = excluded.xid, seq = excluded.seq, lineage = excluded.lineage, seen_at = now()`.execute(tx)
    if (numAffectedRows !== 1n) throw new Error('PostgreSQL crashed while a consumer of its log read the rows')
  })
}
