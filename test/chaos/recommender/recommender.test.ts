import { before, describe, test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { openRecommenderScenario } from './scenario.ts'

const ROUNDS = 3
// src/recommend/grpc/connection.ts replaces a connection after a second without an answer.
const LONGER_THAN_A_CONNECTION = { forMs: 4_000 }

let scenario: Awaited<ReturnType<typeof openRecommenderScenario>>
const { restMs, timed } = { smoke: { restMs: 100, timed: false }, full: { restMs: 10, timed: true } }[SIZE]

// The smoke tests run side by side: each of them waits more than it computes.
describe('a recommender in another process', { concurrency: SIZE === 'smoke' }, () => {
  before(async () => {
    scenario = await openRecommenderScenario(restMs)
  })

  if (SIZE === 'smoke') {
    test('readers whose recommender is frozen, and then killed, see fallback pages until it is back', async t => {
      const both = await scenario.startBoth(t)
      await scenario.freeze(t, LONGER_THAN_A_CONNECTION, both)
      await scenario.kill(t, {}, both)
    })

    // src/recommend/grpc/client.test.ts has the same from the first byte on.
    test('a connection whose network drops everything later on is replaced, and the recommender is found again', t =>
      scenario.dropConnections(t, { early: false }))
    return
  }

  for (let round = 1; round <= ROUNDS; round++) {
    test(`readers whose recommender is killed see fallback pages without delay, until it is back (${round})`, t =>
      scenario.kill(t, { timed }))

    test(`readers whose recommender is frozen see fallback pages within the deadline, until it wakes (${round})`, t =>
      scenario.freeze(t, { forMs: 1_500, timed }))
  }

  test('a recommender that was frozen until its connection was replaced is found again', t =>
    scenario.freeze(t, { ...LONGER_THAN_A_CONNECTION, timed }))

  for (const early of [true, false])
    test(`a connection whose network drops everything ${early ? 'from the first byte' : 'later'} on is replaced, and the recommender is found again`, t =>
      scenario.dropConnections(t, { early }))
})
