import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counterRounds } from './chaos/counters/scenario.ts'
import { killedReconciles, reconcilesUnderLoad } from './chaos/reconcile/scenario.ts'
import { NO_REDIS } from './support/redis.ts'

// What is promised by the clock, test/chaos looks at: here it only has to come true.
const PATIENT = { paceMs: 300, behindMs: 10_000, settleMs: { kill: 60_000, rollback: 60_000, flush: 60_000 } }

test('a server killed, Redis killed and set back, Redis emptied, all under load: every count stays right', { skip: NO_REDIS }, async t => {
  const figures = await counterRounds({ servers: 2, readers: 4, kills: 1, rollbacks: 1, flushes: 1, restMs: 300, ...PATIENT })
  assert.ok(figures.looks > 20, JSON.stringify(figures))
  t.diagnostic(JSON.stringify(figures))
})

test('reconciling that is killed leaves every shard whole, and the next one finishes it', { skip: NO_REDIS }, async t => {
  t.diagnostic(JSON.stringify(await killedReconciles({ counts: 2_000, points: 3 })))
})

test('reconciling beside writers finds no drift where there is none', { skip: NO_REDIS }, async t => {
  t.diagnostic(JSON.stringify(await reconcilesUnderLoad({ counts: 5_000, rounds: 3, perSecond: 500 })))
})
