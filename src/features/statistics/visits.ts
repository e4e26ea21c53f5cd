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
/** Of one flush. Visitors beyond it are not counted: no site of one process has so many in five seconds. */
const PENDING_MAX = 20_000
const BATCH = 500 // rows of a statement
const HASH_BYTES = 12 // two of a day's million visitors are mistaken for one with a chance of 10^-17

interface Counts {
  requests: number
  searches: number
}

export interface VisitsNeeds {
  db: Db
  clock: Clock
  secret: string
  log: Log
}

/** The hour of a moment, and its day and number in UTC. Made once an hour, not for each request. */
function periodOf(now: number) {
  const start = now - (now % HOUR)
  const at = new Date(start)
  return { start, day: at.toISOString().slice(0, 10), hour: at.getUTCHours() }
}

export function createVisits({ db, clock, secret, log }: VisitsNeeds) {
  let counts = new Map<number, Counts>()
  let pending = new Map<string, Visit>()
  let current = periodOf(clock())

  function note(kind: Visit['kind'], name: string): void {
    const { day, hour } = current
    const key = `${day} ${kind} ${name}`
    const visit = pending.get(key)
    if (visit) visit.hours |= 1 << hour
    else if (pending.size < PENDING_MAX) pending.set(key, { day, kind, who: '', hours: 1 << hour })
  }

  function count(what: keyof Counts): void {
    const now = clock()
    if (now - (now % HOUR) !== current.start) current = periodOf(now)
    const counted = counts.get(current.start) ?? { requests: 0, searches: 0 }
    counted[what]++
    counts.set(current.start, counted)
  }

  async function flush(): Promise<void> {
    if (counts.size === 0) return
    const [counted, visits] = [counts, pending]
    counts = new Map()
    pending = new Map()
    const hours = [...counted].map(([hour, count]) => ({ hour: new Date(hour).toISOString(), ...count }))
    const rows = [...visits].map(([key, visit]) => ({
      ...visit,
      who: createHmac('sha256', secret).update(`visit ${key}`).digest().subarray(0, HASH_BYTES).toString('hex'),
    }))
    try {
      await addRequests(db, hours)
      for (let i = 0; i < rows.length; i += BATCH) await addVisits(db, rows.slice(i, i + BATCH))
    } catch (err) {
      log.warn({ err: (err as Error).message }, 'visits were not counted')
    }
  }

  const timer = setInterval(flush, FLUSH_MS)
  timer.unref()

  return {
    record(viewer: Viewer, address: string): void {
      count('requests')
      note('address', address)
      const viewerKey = viewerKeyOf(viewer)
      if (viewerKey) note('viewer', viewerKey)
    },

    recordSearch(viewer: Viewer): void {
      count('searches')
      const viewerKey = viewerKeyOf(viewer)
      if (viewerKey) note('searcher', viewerKey)
    },

    flush,

    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}
