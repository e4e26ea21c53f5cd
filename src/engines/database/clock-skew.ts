// How far this machine's clock is from the database's. A process whose clock is wrong makes no ids: they would collide with
// those of another hour, or forbid new ones until that hour comes.

import { type Clock, SECOND } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { idsUnavailable } from '../../base/snowflake.ts'
import type { Db } from './database.ts'
import { readDatabaseTime } from './id-worker.sql.ts'

const SKEW_WARN_MS = 2 * SECOND
export const SKEW_MAX_MS = 10 * SECOND // half of what a one-minute lease reserves

/** Throws `unavailable` if the clocks differ by more than SKEW_MAX_MS. */
export async function checkClock(needs: { db: Db; log: Log; clock: Clock }): Promise<void> {
  const skewMs = await measureSkew(needs)
  warnOfSkew(needs.log, skewMs)
  if (Math.abs(skewMs) > SKEW_MAX_MS)
    throw idsUnavailable(`this machine's clock is ${Math.round(skewMs / SECOND)} s off the database's: set it right`, { skew_ms: skewMs })
}

/** By how much our clock is ahead of the database's, at least: the time of the query itself is left out. */
async function measureSkew({ db, clock }: { db: Db; clock: Clock }): Promise<number> {
  const sentAt = clock()
  const databaseMs = await readDatabaseTime(db)
  return sentAt > databaseMs ? sentAt - databaseMs : Math.min(clock() - databaseMs, 0)
}

export function warnOfSkew(log: Log, skewMs: number): void {
  if (Math.abs(skewMs) > SKEW_WARN_MS) log.warn({ skew_ms: Math.round(skewMs) }, 'clock differs from the database')
}
