// A learner that follows the logs until it is killed: `learner-process.ts DATABASE_URL FILE`. It writes a snapshot after each batch,
// and a line to stdout after each snapshot.

import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { pause } from '../../support/waiting.ts'
import { startFollower } from './start-follower.ts'

const [url = '', file = ''] = process.argv.slice(2)
const { db } = openDatabase({ url, name: 'broadsheet learner', log: silentLog, connectionsMax: 2 })
const { follower, learner } = startFollower(db, file)
for (;;) {
  await follower.catchUp()
  process.stdout.write(`${learner.stats().viewers}\n`)
  await pause(5)
}
