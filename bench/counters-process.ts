// The process that is measured: fills the shards in Redis, then reconciles for each message and reports how it went.

import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { silentLog } from '../src/base/log.ts'
import { createReconciler } from '../src/engines/counters/reconcile.ts'
import { createApplier } from '../src/engines/counters/redis/applier.ts'
import { openDatabase } from '../src/engines/database/database.ts'
import { openRedis } from '../src/engines/redis/open-redis.ts'

const [databaseUrl = '', redisUrl = ''] = process.argv.slice(2)
const { db, pool } = openDatabase({ url: databaseUrl, name: 'reconcile', log: silentLog })
const redis = openRedis({ url: redisUrl, name: 'reconcile', log: silentLog })
await redis.connected(5_000)
const applier = createApplier({ db, pool, redis, log: silentLog })
do {
  await applier.tick()
  await sleep(50)
} while (applier.missingShards() > 0)
await applier.tick()

const reconciler = createReconciler({ pool, redis, log: silentLog })
const messages = await createClient({ url: redisUrl }).connect()
await messages.subscribe('bench:go', async () => {
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 5)
  const startedAt = performance.now()
  const [report] = await reconciler.reconcile(['article.likes'])
  const seconds = (performance.now() - startedAt) / 1000
  clearInterval(watch)
  await redis.send(['PUBLISH', 'bench:done', JSON.stringify({ ...report, seconds, peakMb: peak / 2 ** 20 })])
})
process.on('SIGTERM', () => process.exit(0))
process.stdout.write('ready\n')
