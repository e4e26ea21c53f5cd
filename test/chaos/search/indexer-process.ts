// Follows the change log into PostgreSQL's search index until it is killed: `node indexer-process.ts DATABASE_URL [reindex]`.

import { setTimeout as sleep } from 'node:timers/promises'
import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { createDurableConsumer } from '../../../src/engines/log/durable-consumer.ts'
import { createSegmenter } from '../../../src/engines/search/analysis/segmenter.ts'
import { createSearchConsumer } from '../../../src/engines/search/follow/consumer.ts'
import { createIndexer } from '../../../src/engines/search/follow/entries.ts'
import { createPostgresSearch } from '../../../src/engines/search/postgres/postgres.ts'

const [url = '', task] = process.argv.slice(2)
const { db, pool } = openDatabase({ url, name: 'indexer', log: silentLog, connectionsMax: 4 })
const engine = createPostgresSearch({ db, pool, clock: () => performance.now() })
const indexer = createIndexer({ db, segmenter: createSegmenter() })
const signal = new AbortController().signal
const consumer = createDurableConsumer(createSearchConsumer({ db, engine, indexer, signal, onReindexed() {} }), { db, pool })
process.stdout.write('ready\n')
if (task === 'reindex') {
  await consumer.rebuild()
  process.exit(0)
}
for (;;) {
  await consumer.catchUp()
  await sleep(5)
}
