import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { FEATURES } from '../model/feature-names.ts'
import { createTrustedRanker } from './trusted-ranker.ts'

const places = [0, 1, 2, 3]

/** Impressions of four candidates, of which the one with the highest (or lowest) third feature is clicked. */
function teach(
  ranker: ReturnType<typeof createTrustedRanker>,
  { count, sign, seed = 1 }: { count: number; sign: 1 | -1 | 0; seed?: number },
) {
  const { next, int } = createSeededRandom(seed)
  for (let i = 0; i < count; i++) {
    const inputs = Float32Array.from({ length: 4 * FEATURES.length }, next)
    const values = places.map(place => sign * (inputs[place * FEATURES.length + 2] as number))
    const best = sign === 0 ? int(0, 3) : values.indexOf(Math.max(...values))
    ranker.learn(
      inputs,
      Uint8Array.from(places, place => Number(place === best)),
      places,
    )
  }
}

test('the model is trusted once it ranks better than chance, and not if clicks follow from nothing', () => {
  const [learned, chance] = [createTrustedRanker(), createTrustedRanker()]
  teach(learned, { count: 400, sign: 1 })
  assert.equal(learned.isTrusted(), false)
  teach(learned, { count: 400, sign: 1, seed: 2 })
  assert.equal(learned.isTrusted(), true)
  teach(chance, { count: 2_000, sign: 0 })
  assert.equal(chance.isTrusted(), false)
})

test('weights that rank worse than the last good ones are given up for them', () => {
  const ranker = createTrustedRanker()
  teach(ranker, { count: 3_000, sign: 1 })
  const good = ranker.save()
  // As a fault would leave them: each weight is the opposite of what it was.
  ranker.restore({
    ...good,
    newest: { ...good.newest, weights: good.newest.weights.map(weight => -weight), averages: good.newest.averages.map(weight => -weight) },
  })
  teach(ranker, { count: 250, sign: 1, seed: 3 })
  assert.equal(ranker.data.rollbacks, 1)
  const inputs = Float32Array.from({ length: 4 * FEATURES.length }, createSeededRandom(4).next)
  inputs[2] = 2
  const scores = ranker.scores(inputs, 4)
  assert.equal(scores.indexOf(Math.max(...scores)), 0)
})

test('an impression with a feature that is no number is refused and changes nothing', () => {
  const ranker = createTrustedRanker()
  teach(ranker, { count: 500, sign: 1 })
  const { newest } = ranker.save()
  ranker.learn(new Float32Array(4 * FEATURES.length).fill(Number.NaN), Uint8Array.of(1, 0, 0, 0), places)
  assert.equal(ranker.data.refused, 1)
  assert.deepEqual(ranker.save().newest, newest)
})

test('clicks that come for the place are put down to the place', () => {
  const ranker = createTrustedRanker()
  const { next, chance } = createSeededRandom(1)
  for (let i = 0; i < 3_000; i++) {
    const clicked = chance(0.7) ? 0 : i % 4
    ranker.learn(
      Float32Array.from({ length: 4 * FEATURES.length }, next),
      Uint8Array.from(places, place => Number(place === clicked)),
      places,
    )
  }
  assert.ok(ranker.attentionTo(0) > 4 * ranker.attentionTo(3))
})
