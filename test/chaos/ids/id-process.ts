// A process that makes ids and writes them to stdout, eight bytes each: `id-process.ts DATABASE_URL COUNT`. Its clock is set
// back and forth meanwhile.

import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { createIdGenerator } from '../../../src/engines/database/id-generator.ts'
import { pause } from '../../support/waiting.ts'

const BATCH = 5_000
const CLOCK_OFFSETS_MS = [0, -1_000, 0, -3_000, 0, -60_000, 0, 3_600_000]
const OFFSET_LASTS_MS = 50

const [url = '', count = '0'] = process.argv.slice(2)
const target = Number(count)
let offset = 0
const clock = () => Date.now() + (CLOCK_OFFSETS_MS[offset % CLOCK_OFFSETS_MS.length] as number)
const { db } = openDatabase({ url, name: 'ids', log: silentLog, connectionsMax: 1 })
const generator = await createIdGenerator({ db, log: silentLog, clock })
let made = 0
let refusals = 0
while (made < target) {
  const ids: bigint[] = []
  try {
    for (let i = 0; i < BATCH && made + ids.length < target; i++) ids.push(generator.newId())
  } catch {
    refusals++
  }
  made += ids.length
  process.stdout.write(Buffer.from(BigUint64Array.from(ids).buffer))
  await pause(2)
  offset = Math.floor(performance.now() / OFFSET_LASTS_MS)
}
process.stderr.write(`${refusals} refused\n`)
process.stdout.write('', () => process.exit()) // when the parent has read what was written before
