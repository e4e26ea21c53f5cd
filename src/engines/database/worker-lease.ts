// Acquires and renews the lease of a worker number, if this machine's clock is right (clock-skew.ts). A lease makes ids with a
// snowflake generator of its own (base/snowflake.ts).

import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { createSnowflake, decodeSnowflake, idsUnavailable, WORKER_COUNT } from '../../base/snowflake.ts'
import { checkClock, SKEW_MAX_MS, warnOfSkew } from './clock-skew.ts'
import type { Db } from './database.ts'
import { acquireWorker, renewWorker, type WorkerLease } from './id-worker.sql.ts'

const ACQUIRE_RETRY_MS = SECOND

export interface HeldLease extends WorkerLease {
  newId: () => bigint
  /** The last millisecond used, by this lease or by the number's previous owner. */
  lastMs: () => number
  /** The latest millisecond in which this lease may make ids. */
  highMs: number
  /** When the last successful renewal was sent, by the monotonic clock. */
  renewedAt: number
}

export interface LeaseNeeds {
  db: Db
  log: Log
  owner: string
  clock: Clock
  monotonic: () => number
  leaseMs: number
  /** For how long after each renewal ids may be made. */
  reserveMs: number
}

/** Waits up to `waitMs` for a free number. Throws `unavailable` if there is none, or if the clock is wrong. */
export async function waitForLease(needs: LeaseNeeds, waitMs: number): Promise<HeldLease> {
  const giveUpAt = needs.monotonic() + waitMs
  for (;;) {
    const lease = await acquireLease(needs)
    if (lease) return lease
    if (needs.monotonic() >= giveUpAt) throw idsUnavailable(`all ${WORKER_COUNT} worker numbers are leased by other processes`)
    await sleep(Math.min(ACQUIRE_RETRY_MS, waitMs))
  }
}

/** Undefined if no number is free. Throws `unavailable` if the clock is wrong. */
export async function acquireLease(needs: LeaseNeeds): Promise<HeldLease | undefined> {
  const { db, owner, clock, monotonic, leaseMs, reserveMs } = needs
  await checkClock(needs)
  const sentAt = monotonic()
  const row = await acquireWorker(db, { owner, nowMs: clock(), highMs: clock() + reserveMs, leaseMs })
  if (!row) return undefined
  const lastUsedMs = Number(row.was_high_ms)
  let newest: bigint | undefined
  const snowflake = createSnowflake({ worker: row.worker, clock, lastUsedMs, reservedUntilMs: () => lease.highMs })
  const lease: HeldLease = {
    worker: row.worker,
    owner,
    fence: row.fence,
    newId() {
      newest = snowflake()
      return newest
    },
    lastMs: () => (newest === undefined ? lastUsedMs : decodeSnowflake(newest).at.getTime()),
    highMs: Number(row.high_ms),
    renewedAt: sentAt,
  }
  return lease
}

/** False if another process has acquired the number. If the clock is wrong, no further time is reserved. */
export async function renewLease({ db, log, clock, monotonic, leaseMs, reserveMs }: LeaseNeeds, lease: HeldLease): Promise<boolean> {
  const sentAt = monotonic()
  const nowMs = clock()
  const row = await renewWorker(db, lease, { nowMs, highMs: nowMs + reserveMs, skewMaxMs: SKEW_MAX_MS, leaseMs })
  if (!row) return false
  lease.renewedAt = sentAt
  lease.highMs = Number(row.high_ms)
  warnOfSkew(log, nowMs - row.db_ms)
  return true
}
