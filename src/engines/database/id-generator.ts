// Makes ids that are unique across processes: each process leases a worker number (worker-lease.ts). Two guards, each of them
// sufficient: a process makes ids only while its lease lasts, and the next owner of the number starts after all the time
// reserved before. A process that is frozen, cut off or killed at any moment makes no id of its successor.

import { randomUUID } from 'node:crypto'
import { type Clock, SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { idsUnavailable } from '../../base/snowflake.ts'
import type { Db } from './database.ts'
import { releaseWorker } from './id-worker.sql.ts'
import { acquireLease, type HeldLease, type LeaseNeeds, renewLease, waitForLease } from './worker-lease.ts'

const LEASE_MS = 60 * SECOND

/** Reserve and trust end before the lease does, so the next owner of a number never waits for the previous one. */
const timesOf = (leaseMs: number) => ({
  renewEveryMs: leaseMs / 6,
  reserveMs: leaseMs / 3, // outlasts one missed renewal
  trustMs: (leaseMs * 3) / 4, // a process that was frozen stops making ids well before its lease ends
})
const RENEW_RETRY_MS = SECOND // while no ids can be made, a caller triggers a renewal at most this often
const WAIT_MS = 65 * SECOND // longer than a lease: by then the number of a crashed process is free

export interface IdGenerator {
  /** Throws `unavailable` if an id might not be unique: the clock is wrong, or the database does not answer for too long. */
  newId: () => bigint
  /** Changes when the lease was lost and another number was acquired. */
  readonly worker: number
  close(): Promise<void>
}

/** Throws `unavailable` if no worker number is free within `waitMs`, or if this machine's clock is wrong. */
export async function createIdGenerator({
  db,
  log,
  clock = Date.now,
  monotonic = () => performance.now(),
  leaseMs = LEASE_MS,
  waitMs = WAIT_MS,
}: {
  db: Db
  log: Log
  clock?: Clock
  monotonic?: () => number
  leaseMs?: number
  waitMs?: number
}): Promise<IdGenerator> {
  const { renewEveryMs, reserveMs, trustMs } = timesOf(leaseMs)
  const needs: LeaseNeeds = { db, log, owner: randomUUID(), clock, monotonic, leaseMs, reserveMs }
  let lease: HeldLease | undefined = await waitForLease(needs, waitMs)
  let worker = lease.worker
  let closed = false
  let triedAt = monotonic()
  let renewal: Promise<void> | undefined
  const timer = setInterval(startRenewal, renewEveryMs).unref()

  function startRenewal(): void {
    if (renewal || closed) return
    triedAt = monotonic()
    renewal = renewOrAcquire()
      .catch(err => log.warn({ err: err.message, worker }, 'worker number not renewed'))
      .finally(() => {
        renewal = undefined
      })
  }

  async function renewOrAcquire(): Promise<void> {
    if (lease) {
      if (await renewLease(needs, lease)) return
      log.error({ worker }, 'worker number lost to another process')
      lease = undefined
    }
    lease = await acquireLease(needs)
    if (lease) worker = lease.worker
  }

  function newId(): bigint {
    try {
      if (closed || !lease) throw idsUnavailable('no worker number is held')
      if (monotonic() - lease.renewedAt > trustMs) throw idsUnavailable('the worker number was not renewed in time')
      return lease.newId()
    } catch (err) {
      if (monotonic() - triedAt > RENEW_RETRY_MS) startRenewal()
      throw err
    }
  }

  async function close(): Promise<void> {
    closed = true
    clearInterval(timer)
    await renewal
    // If this fails, the number is free when its lease ends.
    if (lease)
      await releaseWorker(db, lease, lease.lastMs()).catch(err => log.warn({ err: err.message, worker }, 'worker number not released'))
    lease = undefined
  }

  return {
    newId,
    get worker() {
      return worker
    },
    close,
  }
}
