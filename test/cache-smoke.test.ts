import { test } from 'node:test'
import {
  checkInvalidation,
  freezeProcess,
  interruptRedis,
  killLoadingProcess,
  openCluster,
  requestAbsentIds,
  requestColdArticle,
} from './chaos/cache/scenario.ts'
import { NO_REDIS } from './support/redis.ts'

const skip = NO_REDIS
// One cluster for all: starting its processes takes longer than what is asked of them. test/chaos does the whole of it.
const cluster = skip ? undefined : await openCluster(4)
const each = (name: string, round: (of: NonNullable<typeof cluster>) => Promise<string>) =>
  test(name, { skip }, async t => t.diagnostic(await round(cluster as NonNullable<typeof cluster>)))

each('many cold readers of one article over four processes cost one query', of => requestColdArticle(of, { readers: 200 }))
each('ids of nothing cost few queries, and what comes to be is seen', of => requestAbsentIds(of, { absent: 100, reads: 300, random: 300 }))
each('a change is seen everywhere at once, and soon even when nobody is woken', of => checkInvalidation(of, { updates: 8, unheard: 3 }))
each('a process that stands still disturbs no other', of => freezeProcess(of, { ms: 500 }))
each('the process that loads for all is killed, and another does it', of => killLoadingProcess(of, { readers: 60 }))
each('Redis hangs, goes and comes back, and readers do not notice', of => interruptRedis(of, { hungMs: 800, downMs: 500 }))
