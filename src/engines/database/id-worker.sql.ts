// Leases of worker numbers, by the database's clock. `high_ms` is the latest millisecond in which the owner may make ids.

import { sql } from 'kysely'
import type { Db } from './database.ts'

const milliseconds = (ms: number) => sql`interval '1 millisecond' * ${ms}::float8`

/** Milliseconds since 1970. */
export async function readDatabaseTime(db: Db): Promise<number> {
  const { rows } = await sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db)
  return rows[0]?.ms as number
}

/** Leases a free number; undefined if there is none. `was_high_ms` is the `high_ms` of its previous owner. */
export async function acquireWorker(
  db: Db,
  { owner, nowMs, highMs, leaseMs }: { owner: string; nowMs: number; highMs: number; leaseMs: number },
) {
  // Numbers whose `high_ms` has passed come first, then the one that has been free for longest.
  const { rows } = await sql<{ worker: number; fence: bigint; was_high_ms: bigint; high_ms: bigint }>`
    with free as (
      select worker, high_ms from id_worker where lease_until < clock_timestamp()
       order by high_ms > ${Math.floor(nowMs)}::bigint, lease_until limit 1 for update skip locked
    )
    update id_worker w set owner = ${owner}::uuid, fence = w.fence + 1, lease_until = clock_timestamp() + ${milliseconds(leaseMs)},
           high_ms = greatest(w.high_ms, ${Math.floor(highMs)}::bigint)
      from free where w.worker = free.worker
    returning w.worker, w.fence, free.high_ms as was_high_ms, w.high_ms`.execute(db)
  return rows[0]
}

export interface WorkerLease {
  worker: number
  owner: string
  fence: bigint
}

/**
 * Renews a lease and reserves the time up to `highMs`, but the time only if our clock differs from the database's by at most
 * `skewMaxMs`: ids of a wrong hour would prevent new ones until that hour. Undefined if another process owns the number.
 */
export async function renewWorker(
  db: Db,
  { worker, owner, fence }: WorkerLease,
  { nowMs, highMs, skewMaxMs, leaseMs }: { nowMs: number; highMs: number; skewMaxMs: number; leaseMs: number },
) {
  const { rows } = await sql<{ high_ms: bigint; db_ms: number }>`
    update id_worker set lease_until = clock_timestamp() + ${milliseconds(leaseMs)}, high_ms = case
             when abs(extract(epoch from clock_timestamp()) * 1000 - ${nowMs}::float8) <= ${skewMaxMs}::float8
             then greatest(high_ms, ${Math.floor(highMs)}::bigint) else high_ms end
     where worker = ${worker} and owner = ${owner}::uuid and fence = ${fence}::bigint
    returning high_ms, (extract(epoch from clock_timestamp()) * 1000)::float8 as db_ms`.execute(db)
  return rows[0]
}

/** Releases a number. Its next owner starts after `lastMs`, the last millisecond that was used. */
export async function releaseWorker(db: Db, { worker, owner, fence }: WorkerLease, lastMs: number): Promise<void> {
  await sql`
    update id_worker set owner = null, lease_until = clock_timestamp(), high_ms = ${lastMs}::bigint
     where worker = ${worker} and owner = ${owner}::uuid and fence = ${fence}::bigint`.execute(db)
}
