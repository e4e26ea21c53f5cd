import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { runKilledReconciles, runReconcilesUnderLoad } from './scenario.ts'

const skip = NO_REDIS || (SIZE === 'smoke' && 'src/engines/counters reconciles beside writers, and has a killed rebuild')

test('a reconcile killed at any step leaves every shard whole, and the next one finishes it', {
  skip,
  timeout: 600_000,
}, async t => {
  t.diagnostic(JSON.stringify(await runKilledReconciles({ counts: 20_000, points: 160 })))
})

test('reconciling beside five hundred changes a second finds no drift, and holds no client of Redis up', {
  skip,
  timeout: 300_000,
}, async t => {
  const figures = await runReconcilesUnderLoad({ counts: 100_000, rounds: 20, perSecond: 500 })
  t.diagnostic(JSON.stringify(figures))
  assert.equal(figures.slow, 0, `the longest command took ${figures.longestMs} ms`)
})
