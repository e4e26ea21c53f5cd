import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { blackholeConnections } from './scenario.ts'

const skip =
  NO_REDIS || (SIZE === 'smoke' && 'chaos/recommender, chaos/redis-trouble and connection-watchdog.test.ts have one dependency each')

test(
  'when the network drops everything sent to a dependency, no reader waits longer than five seconds, and full service returns within five',
  {
    skip,
    timeout: 300_000,
  },
  async t => t.diagnostic(await blackholeConnections({ blackholeMs: 10_000 })),
)
