import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { testDatabase } from '../../support/database.ts'
import { killLearners } from './scenario.ts'

const OPTIONS = { smoke: { kills: 2, pagesARound: 80 }, full: { kills: 20, pagesARound: 40 } }[SIZE]

const database = await testDatabase()

test('a learner that is killed again and again has the weights of one that was never interrupted', { timeout: 300_000 }, async t => {
  const { clicks, learned, weights, uninterrupted } = await killLearners(database, OPTIONS)
  t.diagnostic(JSON.stringify({ ...OPTIONS, clicks, learned }))
  assert.ok(clicks > 100, 'the warm-up is over')
  assert.equal(learned, clicks)
  assert.equal(weights, uninterrupted)
})
