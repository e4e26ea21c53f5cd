import { before, describe, test } from 'node:test'
import { openRecommenderScenario } from './chaos/recommender/scenario.ts'

let rounds: Awaited<ReturnType<typeof openRecommenderScenario>>

// Side by side: each of them waits more than it computes.
describe('a recommender elsewhere', { concurrency: true }, () => {
  before(async () => {
    rounds = await openRecommenderScenario()
  })

  test('with the recommender killed something simpler is shown until it is back', t => rounds.killed(t))

  test('with the recommender frozen something simpler is shown, and it is asked again once it wakes', t =>
    rounds.frozen(t, { forMs: 1_500 }))

  // src/recommend/grpc/client.ts gives a connection up after a second without an answer.
  test('a recommender frozen for so long that its connection is given up is found again too', t => rounds.frozen(t, { forMs: 4_000 }))

  test('a network that swallows everything from the first byte on is given up, and what answers behind it is found', t =>
    rounds.swallowed(t, { early: true }))

  test('a network that swallows everything in the midst of it is given up, and what answers behind it is found', t =>
    rounds.swallowed(t, { early: false }))
})
