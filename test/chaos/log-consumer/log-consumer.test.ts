import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { testDatabase } from '../../support/database.ts'
import { createLogConsumerScenario } from './scenario.ts'

const KILLS = { smoke: 4, full: 50 }[SIZE] // four are one at each point

const scenario = createLogConsumerScenario(await testDatabase())

test('a consumer killed again and again between reading and committing has each effect once in PostgreSQL, and at least once elsewhere', {
  timeout: 300_000,
}, async t => {
  const { changes, missing, repeatedInPostgres, repeatedElsewhere } = await scenario.killConsumers(KILLS)
  t.diagnostic(JSON.stringify({ kills: KILLS, changes, missing, repeatedInPostgres, repeatedElsewhere }))
  assert.deepEqual([missing, repeatedInPostgres], [0, 0])
  assert.ok(repeatedElsewhere > 0, 'a kill came after the effect and before the offset')
})
