// A process that does nothing but run jobs, to be killed and frozen: started by jobs-rounds.ts, several at once.
// Its own clock may be hours wrong (CLOCK_OFF_MS), and what the database takes for now may be given (NOW).

import { sql } from 'kysely'
import type { Job } from '../../../src/base/job.ts'
import { silentLog } from '../../../src/base/log.ts'
import { createMetrics } from '../../../src/base/metrics.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { startScheduler } from '../../../src/engines/jobs/scheduler.ts'
import { pause } from '../../support/waiting.ts'

const { DATABASE_URL = '', CLOCK_OFF_MS = '0', NOW = '', JOBS = '[]' } = process.env
const off = Number(CLOCK_OFF_MS)
if (off !== 0) {
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given: []) {
      super(...(given.length === 0 ? ([Real.now() + off] as unknown as []) : given))
    }
    static override now = () => Real.now() + off
  } as DateConstructor
}

const { db } = openDatabase({ url: DATABASE_URL, name: 'broadsheet jobs', log: silentLog, connectionsMax: 8 })

/** Its effect is one row for each run, and nothing but the claim keeps it from being two. */
const jobs = (JSON.parse(JOBS) as (Omit<Job, 'run'> & { workMs: number })[]).map(
  ({ workMs, ...job }): Job => ({
    ...job,
    async run(context) {
      await pause(workMs)
      await context
        .commit(async tx => {
          await sql`insert into effect (job, slot, pid) values (${job.name}, ${context.slot}, ${process.pid})`.execute(tx)
        })
        .catch(async err => {
          if (/held by another/.test(err.message))
            await sql`insert into refused (job, slot) values (${job.name}, ${context.slot})`.execute(db)
          throw err
        })
    },
  }),
)

const metrics = createMetrics()
await startScheduler({
  db,
  jobs,
  zone: 'Europe/Berlin',
  log: silentLog,
  metrics,
  concurrency: 10,
  random: Math.random,
  leaseMs: 1_000,
  heartbeatMs: 250,
  ...(NOW ? { now: sql<Date>`${NOW}::timestamptz` } : {}),
})
process.stdout.write('ready\n')
