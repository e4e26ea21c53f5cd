// A process that makes ids and prints them, for id-generator.test.ts: `DATABASE_URL COUNT END`. END is `close`, to release
// the worker number, or `hang`, to run until it is killed.

import { silentLog } from '../../base/log.ts'
import { openDatabase } from './database.ts'
import { createIdGenerator } from './id-generator.ts'

const [url, count, end] = process.argv.slice(2)
const { db, close } = openDatabase({ url: url as string, name: 'ids', log: silentLog, connectionsMax: 1 })
const ids = await createIdGenerator({ db, log: silentLog })
const made: string[] = []
for (let i = 0; i < Number(count); i++) made.push(ids.newId().toString())
process.stdout.write(`${made.join('\n')}\ndone\n`)
if (end === 'close') {
  await ids.close()
  await close()
} else {
  setInterval(() => {}, 1_000)
}
