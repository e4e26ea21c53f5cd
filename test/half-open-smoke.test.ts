import { test } from 'node:test'
import { swallowConnections } from './chaos/half-open/scenario.ts'
import { NO_REDIS } from './support/redis.ts'

// With the times promised in test/chaos.
test(
  'when the network swallows what a process stands on, readers are answered all the same, and soon it is well again',
  {
    skip: NO_REDIS,
    timeout: 120_000,
  },
  async t => t.diagnostic(await swallowConnections({ swallowMs: 1_000 })),
)
