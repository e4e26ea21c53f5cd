// Every process that makes ids leases a worker number, so no two make the same id. Two guards, either of which is
// enough: the process owns the number until the lease ends, and the next owner starts above all ids reserved before.
// A process that was frozen, cut off or killed at any moment therefore never makes an id of its successor.

import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { createSnowflake, decodeSnowflake, idsUnavailable, WORKER_COUNT } from '../../base/snowflake.ts'
import type { Db } from './database.ts'
import { acquireWorker, readDatabaseTime, releaseWorker, renewWorker, type WorkerLease } from './id-worker.sql.ts'

const LEASE_MS = 60 * SECOND

/**
 * Derived from the lease's length. Reserve and trust end sooner than the lease, so the next owner of a number never waits
 * for the previous one.
 */
const timesOf = (leaseMs: number) => ({
  lease: leaseMs,
  renewEvery: leaseMs / 6,
  reserve: leaseMs / 3, // outlasts one missed renewal
  trust: (leaseMs * 3) / 4, // a frozen process wakes up not knowing the time; well before its lease ends it stops
})
const RETRY_MS = SECOND // when ids are asked for and there are none, the next renewal does not wait its turn
const SKEW_WARN_MS = 2 * SECOND
const SKEW_MAX_MS = 10 * SECOND // half the reserve of a minute's lease
const WAIT_MS = 65 * SECOND // longer than a lease: a number whose holder crashed comes free meanwhile

export interface IdGenerator {
  /** Throws `unavailable` when an id might not be unique: the clock is wrong, or the database away for too long. */
  newId: () => bigint
  /** Changes when the lease was lost and another one taken. */
  readonly worker: number
  close(): Promise<void>
}

interface Lease extends WorkerLease {
  make: () => bigint
  /** The last millisecond used, by this process or by the number's previous owner. */
  lastMs: () => number
  highMs: number
  /** By the monotonic clock, when the last renewal that succeeded was sent. */
  renewedAt: number
}

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
  const times = timesOf(leaseMs)
  const owner = randomUUID()
  let lease: Lease | undefined = await takeWithin(waitMs)
  let worker = lease.worker
  let closed = false
  let triedAt = monotonic()
  let renewal: Promise<void> | undefined
  const timer = setInterval(renew, times.renewEvery).unref()

  async function takeWithin(ms: number): Promise<Lease> {
    const until = monotonic() + ms
    for (;;) {
      const taken = await take()
      if (taken) return taken
      if (monotonic() >= until) throw idsUnavailable(`all ${WORKER_COUNT} worker numbers are leased by other processes`)
      await sleep(Math.min(RETRY_MS, ms))
    }
  }

  async function take(): Promise<Lease | undefined> {
    const skew = await skewOfClock()
    if (Math.abs(skew) > SKEW_MAX_MS) {
      throw idsUnavailable(`this machine's clock is ${Math.round(skew / SECOND)} s off the database's: set it right`, { skew_ms: skew })
    }
    const sentAt = monotonic()
    const row = await acquireWorker(db, { owner, nowMs: clock(), highMs: clock() + times.reserve, leaseMs })
    if (!row) return undefined
    const lastUsedMs = Number(row.was_high_ms)
    let newest: bigint | undefined
    const snowflake = createSnowflake({ worker: row.worker, clock, lastUsedMs, reservedUntilMs: () => taken.highMs })
    const taken: Lease = {
      worker: row.worker,
      owner,
      fence: row.fence,
      make: () => {
        newest = snowflake()
        return newest
      },
      lastMs: () => (newest === undefined ? lastUsedMs : decodeSnowflake(newest).at.getTime()),
      highMs: Number(row.high_ms),
      renewedAt: sentAt,
    }
    return taken
  }

  /** How far our clock is ahead of the database's, at least: the time the question travelled does not count. */
  async function skewOfClock(): Promise<number> {
    const sent = clock()
    const theirs = await readDatabaseTime(db)
    return warnOfSkew(sent > theirs ? sent - theirs : Math.min(clock() - theirs, 0))
  }

  function warnOfSkew(skew: number): number {
    if (Math.abs(skew) > SKEW_WARN_MS) log.warn({ skew_ms: Math.round(skew) }, 'clock differs from the database')
    return skew
  }

  function renew(): void {
    if (renewal || closed) return
    triedAt = monotonic()
    renewal = renewOnce()
      .catch(err => log.warn({ err: err.message, worker }, 'worker number not renewed'))
      .finally(() => {
        renewal = undefined
      })
  }

  async function renewOnce(): Promise<void> {
    if (lease) {
      const sentAt = monotonic()
      const now = clock()
      const row = await renewWorker(db, lease, { nowMs: now, highMs: now + times.reserve, skewMaxMs: SKEW_MAX_MS, leaseMs })
      if (row) {
        lease.renewedAt = sentAt
        lease.highMs = Number(row.high_ms)
        warnOfSkew(now - row.db_ms)
        return
      }
      log.error({ worker }, 'worker number lost to another process')
      lease = undefined
    }
    lease = await take()
    if (lease) worker = lease.worker
  }

  function newId(): bigint {
    try {
      if (closed || !lease) throw idsUnavailable('no worker number is held')
      if (monotonic() - lease.renewedAt > times.trust) throw idsUnavailable('the worker number was not renewed in time')
      return lease.make()
    } catch (err) {
      if (monotonic() - triedAt > RETRY_MS) renew()
      throw err
    }
  }

  async function close(): Promise<void> {
    closed = true
    clearInterval(timer)
    await renewal
    // Not freed, the number comes free by itself a minute later.
    if (lease)
      await releaseWorker(db, lease, lease.lastMs()).catch(err => log.warn({ err: err.message, worker }, 'worker number not freed'))
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
