// Counts requests, searches, addresses, known viewers and those who search by the hour. They are collected in memory and written every few seconds: what a
// process has not written when it is killed is not counted.

import { createHmac } from 'node:crypto'
import { type Clock, HOUR } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { addRequests, addVisits, type Visit } from './visits.sql.ts'

export type Visits = ReturnType<typeof createVisits>

const FLUSH_MS = 5_000
/** Of one kind and flush. Visitors beyond it are not counted: no site of one process has so many in five seconds. */
const PENDING_MAX = 20_000
const BATCH = 500 // rows of a statement
const HASH_BYTES = 12 // two of a day's million visitors are mistaken for one with a chance of 10^-17

const KINDS = ['address', 'viewer', 'searcher'] as const satisfies Visit['kind'][]

export interface VisitsNeeds {
  db: Db
  clock: Clock
  secret: string
  log: Log
}

/** What was counted in an hour since the last flush. */
function createCounts(now: number) {
  const start = now - (now % HOUR)
  return { start, requests: 0, searches: 0, names: { address: new Set<string>(), viewer: new Set<string>(), searcher: new Set<string>() } }
}

export function createVisits({ db, clock, secret, log }: VisitsNeeds) {
  /** One, or two around the full hour. */
  let pending: ReturnType<typeof createCounts>[] = []

  function countsNow() {
    const now = clock()
    const newest = pending.at(-1)
    if (newest && now >= newest.start && now < newest.start + HOUR) return newest
    const counts = createCounts(now)
    pending.push(counts)
    return counts
  }

  function note(names: Set<string>, name: string | undefined): void {
    if (name !== undefined && names.size < PENDING_MAX) names.add(name)
  }

  async function flush(): Promise<void> {
    const flushed = pending
    pending = []
    for (const { start, requests, searches, names } of flushed) {
      if (requests === 0 && searches === 0) continue
      const hour = new Date(start).toISOString()
      const day = hour.slice(0, 10)
      const hours = 1 << new Date(start).getUTCHours()
      const rows = KINDS.flatMap(kind => Array.from(names[kind], name => ({ day, kind, who: hash(`visit ${day} ${kind} ${name}`), hours })))
      try {
        await addRequests(db, [{ hour, requests, searches }])
        for (let i = 0; i < rows.length; i += BATCH) await addVisits(db, rows.slice(i, i + BATCH))
      } catch (err) {
        log.warn({ err: (err as Error).message }, 'visits were not counted')
      }
    }
  }

  const hash = (text: string) => createHmac('sha256', secret).update(text).digest().subarray(0, HASH_BYTES).toString('hex')
  const timer = setInterval(flush, FLUSH_MS)
  timer.unref()

  return {
    record(viewer: Viewer, address: string): void {
      const counts = countsNow()
      counts.requests++
      note(counts.names.address, address)
      note(counts.names.viewer, viewerKeyOf(viewer))
    },

    recordSearch(viewer: Viewer): void {
      const counts = countsNow()
      counts.searches++
      note(counts.names.searcher, viewerKeyOf(viewer))
    },

    flush,

    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}
