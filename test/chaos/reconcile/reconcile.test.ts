import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { NO_REDIS } from '../../support/redis.ts'
import { runKilledReconciles, runReconcilesUnderLoad } from './scenario.ts'

const KILLED = { smoke: { counts: 2_000, points: 2 }, full: { counts: 20_000, points: 160 } }[SIZE]
const UNDER_LOAD = { smoke: { counts: 2_000, rounds: 1 }, full: { counts: 100_000, rounds: 20 } }[SIZE]

test('a reconcile killed at any step leaves every shard whole, and the next one finishes it', {
  skip: NO_REDIS,
  timeout: 600_000,
}, async t => {
  t.diagnostic(JSON.stringify(await runKilledReconciles(KILLED)))
})

test('reconciling beside five hundred changes a second finds no drift, and holds no client of Redis up', {
  skip: NO_REDIS,
  timeout: 300_000,
}, async t => {
  const figures = await runReconcilesUnderLoad({ ...UNDER_LOAD, perSecond: 500 })
  t.diagnostic(JSON.stringify(figures))
  if (SIZE === 'full') assert.equal(figures.slow, 0, `the longest command took ${figures.longestMs} ms`)
})
