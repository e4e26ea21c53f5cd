import { before, describe, test } from 'node:test'
import { recommenderRounds } from './recommender-rounds.ts'

let rounds: Awaited<ReturnType<typeof recommenderRounds>>

// Side by side: each of them waits more than it computes.
describe('a recommender elsewhere', { concurrency: true }, () => {
  before(async () => {
    rounds = await recommenderRounds()
  })

  test('with the recommender killed something simpler is shown until it is back', t => rounds.killed(t))

  test('with the recommender frozen something simpler is shown, and it is asked again once it wakes', t =>
    rounds.frozen(t, { forMs: 1_500 }))

  // src/recommend/client.ts looks after 10 s whether the other side lives, and gives it 2 s.
  test('a recommender frozen for so long that its connection is given up is found again too', t => rounds.frozen(t, { forMs: 14_000 }))
})
