import { before, describe, test } from 'node:test'
import { SIZE } from '../../support/chaos-size.ts'
import { openRecommenderScenario } from './scenario.ts'

let scenario: Awaited<ReturnType<typeof openRecommenderScenario>>
const { rounds, restMs, timed } = { smoke: { rounds: 1, restMs: 50, timed: false }, full: { rounds: 3, restMs: 10, timed: true } }[SIZE]

// The smoke tests run side by side: each of them waits more than it computes.
describe('a recommender in another process', { concurrency: SIZE === 'smoke' }, () => {
  before(async () => {
    scenario = await openRecommenderScenario(restMs)
  })

  for (let round = 1; round <= rounds; round++) {
    test(`readers whose recommender is killed see fallback pages without delay, until it is back (${round})`, t =>
      scenario.kill(t, { timed }))

    test(`readers whose recommender is frozen see fallback pages within the deadline, until it wakes (${round})`, t =>
      scenario.freeze(t, { forMs: 1_500, timed }))
  }

  // src/recommend/grpc/connection.ts replaces a connection after a second without an answer.
  test('a recommender that was frozen until its connection was replaced is found again', t => scenario.freeze(t, { forMs: 4_000, timed }))

  if (SIZE === 'full') return

  test('a connection whose network drops everything from the first byte on is replaced, and the recommender is found again', t =>
    scenario.dropConnections(t, { early: true }))

  test('a connection whose network drops everything later on is replaced, and the recommender is found again', t =>
    scenario.dropConnections(t, { early: false }))
})
