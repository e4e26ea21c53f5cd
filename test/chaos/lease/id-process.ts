// A process that makes ids until it is killed: `id-process.ts DATABASE_URL LEASE_MS`. It writes the first and the last id of
// each batch, or why it ends.

import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { createIdGenerator } from '../../../src/engines/database/id-generator.ts'
import { pause } from '../../support/waiting.ts'

const BATCH = 100

const [url = '', leaseMs = '0'] = process.argv.slice(2)
const { db } = openDatabase({ url, name: 'leases', log: silentLog, connectionsMax: 1 })
try {
  const generator = await createIdGenerator({ db, log: silentLog, leaseMs: Number(leaseMs), waitMs: 2 * Number(leaseMs) })
  for (;;) {
    const ids: bigint[] = []
    try {
      for (let i = 0; i < BATCH; i++) ids.push(generator.newId())
    } catch {
      // The process holds no valid lease at the moment.
    }
    if (ids.length > 0) process.stdout.write(`${ids[0]} ${ids.at(-1)}\n`)
    await pause(5)
  }
} catch (err) {
  process.stdout.write(`${(err as Error).message}\n`)
  process.exit(1)
}
