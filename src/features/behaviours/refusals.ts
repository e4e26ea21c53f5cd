// What was refused as a behaviour, and why. All of it is counted; of each minute the first few are kept, for an operator who asks
// what a client does wrong. A flood of bad events must not become a flood of rows.

import { type Clock, MINUTE } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { Db } from '../../engines/database/database.ts'
import { insertRefusals, type Refusal } from './refusals.sql.ts'

/** invalid: the event itself. limited: too many from there. no_article: none that readers may see. no_page: an exposure of no page. */
export type Rule = 'invalid' | 'limited' | 'no_article' | 'no_page' | 'too_many'

export interface Refused extends Omit<Refusal, 'event'> {
  rule: Rule
  /** As the client sent it. */
  event: unknown
}

export type Refusals = ReturnType<typeof createRefusals>

/** Of one process: more rows a day than are kept at all. */
const KEPT_A_MINUTE = 60
const FLUSH_MS = 1_000
const EVENT_LENGTH_MAX = 1_000

export function createRefusals({ db, log, clock, metrics }: { db: Db; log: Log; clock: Clock; metrics: Metrics }) {
  const counted = metrics.counter('behaviours_refused_total', 'Events that were not written as behaviours', ['rule'])
  let pending: Refusal[] = []
  let [minute, keptThisMinute] = [0, 0]
  let timer: NodeJS.Timeout | undefined

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const rows = pending
    pending = []
    if (rows.length === 0) return
    await insertRefusals(db, rows).catch(err => log.warn({ err: err.message, count: rows.length }, 'refused events were not kept'))
  }

  return {
    note({ event, ...refused }: Refused): void {
      counted.add([refused.rule])
      const current = Math.floor(clock() / MINUTE)
      if (current !== minute) [minute, keptThisMinute] = [current, 0]
      if (++keptThisMinute > KEPT_A_MINUTE) return
      pending.push({ ...refused, event: textOf(event) })
      timer ??= setTimeout(flush, FLUSH_MS)
    },
    /** Writes what is pending. */
    close: flush,
  }
}

/** Ids are bigints, which JSON has no number for. Characters that PostgreSQL does not store are escaped in JSON. */
const textOf = (event: unknown) =>
  JSON.stringify(event, (_, value) => (typeof value === 'bigint' ? `${value}` : value))?.slice(0, EVENT_LENGTH_MAX)
