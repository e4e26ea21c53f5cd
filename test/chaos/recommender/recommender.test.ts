import { test } from 'node:test'
import { openRecommenderScenario } from './scenario.ts'

const rounds = await openRecommenderScenario()

for (let round = 1; round <= 3; round++) {
  test(`with the recommender killed something simpler is shown, without delay, until it is back: ${round}`, t =>
    rounds.killed(t, { timed: true }))

  test(`with the recommender frozen something simpler is shown within its deadline, and it is asked again once it wakes: ${round}`, t =>
    rounds.frozen(t, { forMs: 1_500, timed: true }))
}

test('a recommender frozen for so long that its connection is given up is found again too', t =>
  rounds.frozen(t, { forMs: 4_000, timed: true }))
