import { test } from 'node:test'
import { halfOpen } from '../half-open-rounds.ts'
import { NO_REDIS } from '../support/redis.ts'

test(
  'when the network swallows what a process stands on, nobody waits for longer than five seconds, nor is it unwell for longer',
  {
    skip: NO_REDIS,
    timeout: 300_000,
  },
  async t => t.diagnostic(await halfOpen({ swallowMs: 10_000, timed: true })),
)
