import { test } from 'node:test'
import { leaseRounds } from '../lease/scenario.ts'
import { manyIds } from './scenario.ts'

test('eight processes make four million ids while their clocks are set', { timeout: 120_000 }, async t =>
  t.diagnostic(await manyIds({ processes: 8, each: 500_000 })),
)

test('forty processes are killed or frozen beyond their lease: no number is held twice, no id made twice', { timeout: 300_000 }, async t =>
  t.diagnostic(await leaseRounds({ loops: 40, leaseMs: 6_000 })),
)
