// Follows the change log into PostgreSQL's search index until it is killed: `node indexer-process.ts DATABASE_URL [reindex]`.

import { setTimeout as sleep } from 'node:timers/promises'
import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { createAnalyze } from '../../../src/engines/search/analysis/analyze.ts'
import { createSegmenter } from '../../../src/engines/search/analysis/segmenter.ts'
import { createIndexer } from '../../../src/engines/search/follow/entries.ts'
import { createSearchFollower } from '../../../src/engines/search/follow/follower.ts'
import { reindex } from '../../../src/engines/search/follow/reindex.ts'
import { createPostgresSearch } from '../../../src/engines/search/postgres/postgres.ts'

const [url = '', task] = process.argv.slice(2)
const { db, pool } = openDatabase({ url, name: 'indexer', log: silentLog, connectionsMax: 4 })
const engine = createPostgresSearch({ db, pool, clock: () => performance.now() })
const indexer = createIndexer({ db, analyze: createAnalyze(createSegmenter()) })
const follower = createSearchFollower({ db, engine, indexer, log: silentLog })
process.stdout.write('ready\n')
if (task === 'reindex') {
  await reindex({ db, pool, engine, follower, indexer }, { signal: new AbortController().signal })
  process.exit(0)
}
for (;;) {
  await follower.catchUp()
  await sleep(5)
}
