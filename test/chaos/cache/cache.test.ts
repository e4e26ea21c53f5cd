import { test } from 'node:test'
import { checkInterleavings } from '../../support/cache-interleavings.ts'
import { SIZE } from '../../support/chaos-size.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../support/redis.ts'
import { openCluster } from './cluster.ts'
import { freezeProcess, interruptRedis, killLoadingProcess } from './interruptions.ts'
import { checkInvalidation, requestAbsentIds, requestColdArticle } from './scenario.ts'

const OPTIONS = {
  processes: 4,
  coldArticle: { readers: 1_000, timed: true },
  absentIds: { absent: 1_000, reads: 10_000, random: 10_000, timed: true },
  invalidation: { updates: 1_000, withoutNotifications: 30, timed: true },
  freeze: { ms: 2_000, timed: true },
  kill: { readers: 300, timed: true },
  redis: { hungMs: 30_000, downMs: 60_000, restMs: 0, timed: true },
}

const skip =
  NO_REDIS || (SIZE === 'smoke' && 'src/engines/cache has caches of four processes, test/journeys/redis-away.test.ts two products')
// One cluster for all tests: starting its processes takes longer than most of them.
const cluster = skip ? undefined : await openCluster(OPTIONS.processes)
const testCluster = (name: string, run: (of: NonNullable<typeof cluster>) => Promise<string>) =>
  test(name, { skip, timeout: 300_000 }, async t => t.diagnostic(await run(cluster as NonNullable<typeof cluster>)))

testCluster('many readers of an article that is not cached, over several processes, cost one query', of =>
  requestColdArticle(of, OPTIONS.coldArticle),
)
testCluster('ids of no article cost few queries, and an article that is created later is seen', of =>
  requestAbsentIds(of, OPTIONS.absentIds),
)
testCluster('a change is seen in every process at once, and soon also without a notification', of =>
  checkInvalidation(of, OPTIONS.invalidation),
)
testCluster('a process that is frozen delays no other', of => freezeProcess(of, OPTIONS.freeze))
testCluster('when the process that loads for all is killed, another loads', of => killLoadingProcess(of, OPTIONS.kill))
testCluster('readers do not notice when Redis hangs, ends and comes back', of => interruptRedis(of, OPTIONS.redis))

// src/engines/cache/caches.test.ts runs fewer of them.
test('in ten thousand orders of reads, changes and invalidations, no read returns a value from before a known change', {
  skip,
  timeout: 300_000,
}, async t => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  await checkInterleavings({ runs: 10_000, seed })
  await checkInterleavings({ runs: 10_000, seed, redis: await connectRedis((await startRedis()).url) })
})
