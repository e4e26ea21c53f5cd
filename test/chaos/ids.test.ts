import { test } from 'node:test'
import { manyIds } from '../id-rounds.ts'

test('eight processes make four million ids while their clocks are set', { timeout: 120_000 }, async t =>
  t.diagnostic(await manyIds({ processes: 8, each: 500_000 })),
)
