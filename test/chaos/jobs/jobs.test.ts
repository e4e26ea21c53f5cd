import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../support/database.ts'
import { jobRounds } from './scenario.ts'

const rounds = jobRounds(await testDatabase())

test('for half a minute a scheduler is killed three times a second, sometimes all: each slot has its effect once', {
  timeout: 120_000,
}, async t => {
  t.diagnostic(JSON.stringify(await rounds.killed({ forMs: 30_000 })))
})

test('twelve times the holder of runs is frozen for longer than its lease: none is lost, none is done twice', {
  timeout: 120_000,
}, async t => {
  const counts = await rounds.frozen({ rounds: 12 })
  t.diagnostic(JSON.stringify(counts))
  assert.ok(counts.takenOver > 0 && counts.refused > 0)
})

test('after ten minutes in which nobody was there, nothing, the latest or the last five are made up for', async () => {
  assert.deepEqual(await rounds.away(), { none: [0, 10], latest: [1, 9], five: [5, 5] })
})

test('on the nights on which the clocks change, three schedulers of which two have the wrong time run a daily job once', async () => {
  assert.deepEqual(await rounds.clocksChange(), ['2026-03-29T01:00:00.000Z 1', '2026-10-25T00:30:00.000Z 1'])
})
