// A process that only runs jobs, to be killed and frozen by scenario.ts. Its clock may be wrong (CLOCK_OFFSET_MS), and the time
// that the database is made to take for now may be given (NOW).

import { sql } from 'kysely'
import type { Job } from '../../../src/base/job.ts'
import { silentLog } from '../../../src/base/log.ts'
import { createMetrics } from '../../../src/base/metrics.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { startScheduler } from '../../../src/engines/jobs/scheduler.ts'
import { pause } from '../../support/waiting.ts'

const { DATABASE_URL = '', CLOCK_OFFSET_MS = '0', NOW = '', JOBS = '[]' } = process.env
const offsetMs = Number(CLOCK_OFFSET_MS)
if (offsetMs !== 0) {
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...args: []) {
      super(...(args.length === 0 ? ([RealDate.now() + offsetMs] as unknown as []) : args))
    }
    static override now = () => RealDate.now() + offsetMs
  } as DateConstructor
}

const { db } = openDatabase({ url: DATABASE_URL, name: 'broadsheet jobs', log: silentLog, connectionsMax: 8 })

/** The effect of a run is one row. Only the claim keeps it from being inserted twice. */
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

await startScheduler({
  db,
  jobs,
  zone: 'Europe/Berlin',
  log: silentLog,
  metrics: createMetrics(),
  concurrency: 10,
  random: Math.random,
  leaseMs: 1_000,
  heartbeatMs: 250,
  ...(NOW ? { now: sql<Date>`${NOW}::timestamptz` } : {}),
})
process.stdout.write('ready\n')
