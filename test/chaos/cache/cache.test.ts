import { test } from 'node:test'
import { checkInterleavings } from '../../support/caches.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../support/redis.ts'
import {
  checkInvalidation,
  freezeProcess,
  interruptRedis,
  killLoadingProcess,
  openCluster,
  requestAbsentIds,
  requestColdArticle,
} from './scenario.ts'

const skip = NO_REDIS
const cluster = skip ? undefined : await openCluster(4)
const each = (name: string, round: (of: NonNullable<typeof cluster>) => Promise<string>) =>
  test(name, { skip, timeout: 300_000 }, async t => t.diagnostic(await round(cluster as NonNullable<typeof cluster>)))

each('a thousand cold readers of one article over four processes cost one query', of =>
  requestColdArticle(of, { readers: 1_000, timed: true }),
)
each('ids of nothing cost few queries, and what comes to be is seen', of =>
  requestAbsentIds(of, { absent: 1_000, reads: 10_000, random: 10_000, timed: true }),
)
each('a change is seen everywhere at once, and soon even when nobody is woken', of =>
  checkInvalidation(of, { updates: 1_000, unheard: 30, timed: true }),
)
each('a process that stands still for two seconds disturbs no other', of => freezeProcess(of, { ms: 2_000, timed: true }))
each('the process that loads for all is killed, and another does it', of => killLoadingProcess(of, { readers: 300, timed: true }))
each('Redis hangs, goes and comes back, and readers do not notice', of =>
  interruptRedis(of, { hungMs: 30_000, downMs: 60_000, timed: true }),
)

test('ten thousand orders of reads, changes and what is heard of them', { skip, timeout: 300_000 }, async t => {
  const seed = Date.now() % 2 ** 31
  t.diagnostic(`seed ${seed}`)
  await checkInterleavings({ runs: 10_000, seed })
  await checkInterleavings({ runs: 10_000, seed, redis: await connectRedis((await startRedis()).url) })
})
