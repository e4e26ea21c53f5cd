import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { testDatabase } from '../../support/database.ts'
import { createJobsScenario } from './scenario.ts'

const KILLING = { smoke: { forMs: 700 }, full: { forMs: 30_000 } }[SIZE]
const ONLY_FULL = SIZE === 'full' ? false : 'beside src/engines/jobs with one worker; here with three in `npm run chaos`'

const scenario = createJobsScenario(await testDatabase())

test('while workers are killed three times a second, sometimes all of them, each slot has its effect once', {
  timeout: 120_000,
}, async t => {
  t.diagnostic(JSON.stringify(await scenario.killWorkers(KILLING)))
})

test('a worker that was frozen for longer than its lease loses its runs, and its late commits are refused', {
  skip: ONLY_FULL,
  timeout: 120_000,
}, async t => {
  const counts = await scenario.freezeWorkers({ rounds: 12 })
  t.diagnostic(JSON.stringify(counts))
  assert.ok(counts.takenOver > 0 && counts.refused > 0)
})

test('after ten minutes without a worker, no slot, the latest or the latest five are caught up', { skip: ONLY_FULL }, async () => {
  assert.deepEqual(await scenario.stopForTenMinutes(), { none: [0, 10], latest: [1, 9], five: [5, 5] })
})

test('in the nights in which the clocks change, three workers, two with the wrong time, run a daily job once', {
  skip: ONLY_FULL,
}, async () => {
  assert.deepEqual(await scenario.changeClocks(), ['2026-03-29T01:00:00.000Z 1', '2026-10-25T00:30:00.000Z 1'])
})
