import { test } from 'node:test'
import { NO_REDIS } from '../../support/redis.ts'
import { swallowConnections } from './scenario.ts'

test(
  'when the network swallows what a process stands on, nobody waits for longer than five seconds, nor is it unwell for longer',
  {
    skip: NO_REDIS,
    timeout: 300_000,
  },
  async t => t.diagnostic(await swallowConnections({ swallowMs: 10_000, timed: true })),
)
