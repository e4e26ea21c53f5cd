import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jobRounds } from './chaos/jobs/scenario.ts'
import { testDatabase } from './support/database.ts'

const rounds = jobRounds(await testDatabase())

test('while schedulers are killed again and again, each slot has its effect once', async t => {
  t.diagnostic(JSON.stringify(await rounds.killed({ forMs: 1_500 })))
})

test('who was frozen for longer than its lease finds its runs taken over, and is refused', async t => {
  const counts = await rounds.frozen({ rounds: 1 })
  t.diagnostic(JSON.stringify(counts))
  assert.ok(counts.takenOver > 0 && counts.refused > 0)
})
