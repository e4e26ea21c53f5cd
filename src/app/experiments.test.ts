// Two operators at once: one starts an experiment, the other puts a policy into use; one lets it grow, the other stops it.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { sql } from 'kysely'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import { eventually } from '../../test/support/waiting.ts'
import { insertExperiment } from '../recommend/experiments/experiments.sql.ts'
import { lockUses, storePolicy } from '../recommend/policy/policies.sql.ts'
import { usePolicy } from '../recommend/policy/use-policy.ts'
import { createOperatorExperiments } from './experiments.ts'

let db: TestDatabase['db']
let version: number

before(async () => {
  db = (await testDatabase()).db
  version = await db.transaction().execute(tx => storePolicy(tx, { leaderboards: { hot: { score: 'likes' } } }))
})

/** One of them waits for the other. */
const untilOneWaits = () =>
  eventually(
    () => sql`select from pg_locks where not granted and relation = 'ranking_policy_use'::regclass`.execute(db),
    ({ rows }) => rows.length > 0,
  )

test('no policy is put into use beside an experiment that is being started', async () => {
  const { refused } = await db.transaction().execute(async tx => {
    await lockUses(tx)
    const refused = assert.rejects(
      db.transaction().execute(other => usePolicy(other, version)),
      /the experiment "a" is running/,
    )
    await untilOneWaits()
    const arms = { controlPolicy: 0, treatmentPolicy: version }
    await insertExperiment(tx, { name: 'a', kind: 'policy', ...arms, key: '00', share: 0.5, error: 0.05, countAfterMs: 0 })
    return { refused } // not the promise itself: it ends after this transaction
  })
  await refused
  await db.transaction().execute(tx => createOperatorExperiments(db).stop(tx))
})

test('the control of an experiment is the policy that is live when it starts, also if it was put into use at that moment', async () => {
  const { starting } = await db.transaction().execute(async tx => {
    assert.equal(await usePolicy(tx, version), 0)
    const starting = db.transaction().execute(other => createOperatorExperiments(db).start(other, { name: 'b', policy: 0, share: 0.2 }))
    await untilOneWaits()
    return { starting }
  })
  const { control_policy, treatment_policy } = await starting
  assert.deepEqual([control_policy, treatment_policy], [version, 0])
})

test('a stop that comes while the experiment grows stops what it has grown to', async () => {
  const experiments = createOperatorExperiments(db)
  const { stopping } = await db.transaction().execute(async tx => {
    await experiments.grow(tx, 0.4)
    const stopping = db.transaction().execute(other => experiments.stop(other, 'it is bad'))
    await untilOneWaits()
    return { stopping }
  })
  const stopped = await stopping
  assert.deepEqual([stopped.state, stopped.treatment_share, stopped.reason], ['ended', 0.4, 'it is bad'])
  assert.equal((await experiments.list())[0]?.state, 'ended')
})
