import { test } from 'node:test'
import { leaseRounds } from './scenario.ts'

// test/chaos does this many times.
test('processes are killed or frozen beyond their lease: no worker number is held twice, no id made twice', async t =>
  t.diagnostic(await leaseRounds({ loops: 6, leaseMs: 3_000 })))
