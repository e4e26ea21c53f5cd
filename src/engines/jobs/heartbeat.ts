// Renews the leases of a worker's runs, and tells a run when its lease is lost.

import { SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../database/database.ts'
import { renewLeases } from './run.sql.ts'
import type { RunningJob } from './run.ts'

/** Four heartbeats fit into a lease. The runs of a dead process are taken over after at most one lease. */
export const HEARTBEAT_MS = 10 * SECOND
export const LEASE_MS = 40 * SECOND

export interface Heartbeat {
  /** Ends after the renewal that is under way. */
  stop(): Promise<void>
}

export function startHeartbeat({
  db,
  log,
  running,
  leaseMs,
  intervalMs,
}: {
  db: Db
  log: Log
  running: ReadonlySet<RunningJob>
  leaseMs: number
  intervalMs: number
}): Heartbeat {
  // A monotonic clock: a process that was frozen for longer than its leases must not believe that it holds them.
  let renewedAt = performance.now()
  let renewal: Promise<void> | undefined
  const timer = setInterval(() => {
    renewal ??= renew().finally(() => {
      renewal = undefined
    })
  }, intervalMs)

  async function renew(): Promise<void> {
    const sentAt = performance.now()
    const runs = [...running]
    try {
      const fences = runs.map(run => run.claim.fence)
      const held = new Set(runs.length > 0 ? await renewLeases(db, fences, leaseMs) : [])
      renewedAt = sentAt
      // Includes runs that have ended meanwhile; for those, markLost does nothing.
      for (const run of runs) if (!held.has(run.claim.fence)) run.markLost()
    } catch (err) {
      log.warn({ err: (err as Error).message }, 'job leases not renewed')
      if (performance.now() - renewedAt > leaseMs) for (const run of runs) run.markLost()
    }
  }

  return {
    async stop() {
      clearInterval(timer)
      await renewal
    },
  }
}
