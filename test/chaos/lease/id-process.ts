// A process that makes ids for as long as it lives, for test/chaos/lease/scenario.ts: `url leaseMs`. It writes the first and the
// last of each few it has made, and why it ends.

import { setTimeout as sleep } from 'node:timers/promises'
import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { createIdGenerator } from '../../../src/engines/database/id-generator.ts'

const [url, leaseMs] = process.argv.slice(2)
const { db } = openDatabase({ url: url as string, name: 'leases', log: silentLog, connectionsMax: 1 })
try {
  const ids = await createIdGenerator({ db, log: silentLog, leaseMs: Number(leaseMs), waitMs: 2 * Number(leaseMs) })
  for (;;) {
    const made: bigint[] = []
    try {
      for (let i = 0; i < 100; i++) made.push(ids.newId())
    } catch {
      // None may be made at the moment.
    }
    if (made.length > 0) process.stdout.write(`${made[0]} ${made.at(-1)}\n`)
    await sleep(5)
  }
} catch (err) {
  process.stdout.write(`${(err as Error).message}\n`)
  process.exit(1)
}
