// A process that leases a worker number and writes ids to stdout, eight bytes each, for test/chaos/ids/scenario.ts: `url count`. Its
// clock is set back and forth as it goes.

import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { createIdGenerator } from '../../../src/engines/database/id-generator.ts'

const [url, count] = process.argv.slice(2)
const STEPS_MS = [0, -1_000, 0, -3_000, 0, -60_000, 0, 3_600_000]
let step = 0
const clock = () => Date.now() + (STEPS_MS[step % STEPS_MS.length] as number)
const { db } = openDatabase({ url: url as string, name: 'ids', log: silentLog, connectionsMax: 1 })
const ids = await createIdGenerator({ db, log: silentLog, clock })
const wanted = Number(count)
let made = 0
let refused = 0
while (made < wanted) {
  const batch: bigint[] = []
  try {
    for (let i = 0; i < 5_000 && made + batch.length < wanted; i++) batch.push(ids.newId())
  } catch {
    refused++
  }
  made += batch.length
  process.stdout.write(Buffer.from(BigUint64Array.from(batch).buffer))
  await new Promise(resolve => setTimeout(resolve, 2))
  // Each setting of the clock lasts a twentieth of a second, whatever it says.
  step = Math.floor(performance.now() / 50)
}
process.stderr.write(`${refused} refused\n`)
process.exit()
