import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { eventually } from '../../test/support/waiting.ts'
import type { ReaderId } from '../base/id.ts'
import { silentLog } from '../base/log.ts'
import { createMetrics } from '../base/metrics.ts'
import { createBus } from '../engines/bus/bus.ts'
import { createCaches } from '../engines/cache/caches.ts'
import { deleteOldChanges } from '../engines/log/change-log.ts'
import { createLagMetric } from '../engines/log/lag.ts'
import { createCatalogue } from '../recommend/catalogue/catalogue.ts'
import { startCatalogueConsumer } from '../recommend/catalogue/consumer.ts'
import { createReadersLike } from '../recommend/factors/readers-like.ts'
import { createRankedBuffers } from '../recommend/pages/ranked-buffer.ts'
import { onePolicy } from '../recommend/policy/policies.ts'
import { createRecentViewers } from '../recommend/recent-viewers.ts'
import { createCovisits } from '../recommend/sources/covisits.ts'
import { createChangeTask } from './change-task.ts'

const { db, pool } = await testDatabase()
const metrics = createMetrics()

/** What the retention job does on a busy site. */
async function deleteAllChanges(): Promise<void> {
  await eventually(
    async () => {
      await deleteOldChanges(db, { keep: 0, limit: 1_000 })
      return db.selectFrom('change').select('seq').execute()
    },
    rows => rows.length === 0,
  )
}

test('a process that was paused until the changes it had to read were deleted clears its caches', async () => {
  await pool.query(`insert into reader (id, name) values (1, 'before')`)
  const caches = createCaches({ log: silentLog, metrics, clock: () => 0, monotonic: () => 0, random: () => 0.5, loadsAtOnce: 2 })
  const names = caches.createCache<bigint, string>({
    name: 'names',
    schemaVersion: 1,
    invalidationKey: ({ topic, key }) => (topic === 'reader' ? key : undefined),
    async load(ids) {
      const rows = await db
        .selectFrom('reader')
        .select(['id', 'name'])
        .where('id', 'in', ids as ReaderId[])
        .execute()
      return new Map(rows.map(row => [row.id as bigint, row.name]))
    },
  })
  let gaps = 0
  const modules = [{ onGap: () => void gaps++ }]
  const infrastructure = { config: { roles: new Set(['api'] as const) }, database: { db }, lags: createLagMetric(metrics), log: silentLog }
  const task = await createChangeTask({ ...infrastructure, modules, caches, bus: createBus() })
  await task.run()
  assert.equal(await names.get(1n), 'before')
  await pool.query(`update reader set name = 'after'`)
  await deleteAllChanges()
  await task.run()
  assert.equal(await names.get(1n), 'after')
  assert.equal(gaps, 1)
})

test('a recommender that was paused until the changes it had to read were deleted has exactly the published articles again', async () => {
  await pool.query(`insert into channel (id, name) values (1, 'channel'); insert into reader (id, name) values (2, 'author')`)
  const publish = (id: number) =>
    pool.query(`insert into article (id, author_id, channel_id, title, status, published_at) values (${id}, 2, 1, 'title', 2, now())`)
  await publish(1)
  await publish(2)
  const catalogue = createCatalogue(Date.now)
  const memory = {
    catalogue,
    covisits: createCovisits(),
    rankedBuffers: createRankedBuffers(Date.now),
    recentViewers: createRecentViewers(Date.now),
    policies: onePolicy(),
    readersLike: createReadersLike(),
  }
  const consumer = await startCatalogueConsumer(db, memory)
  await consumer.catchUp()
  const known = () => [...catalogue.newest(0)].map(facts => Number(facts.id)).toSorted()
  assert.deepEqual(known(), [1, 2])
  await publish(3)
  await pool.query('update article set status = 4 where id = 1')
  await deleteAllChanges()
  await consumer.catchUp()
  assert.deepEqual(known(), [2, 3])
})
