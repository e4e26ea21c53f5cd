import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDecayedCounts, HALF_LIVES_H } from './decayed-counts.ts'
import { FEATURES } from './feature-names.ts'
import { createFeatureState } from './feature-state.ts'
import { INPUTS, writeInputs } from './inputs.ts'
import { createStrengths } from './strengths.ts'
import { expandForms } from './within-impression.ts'

const HOUR = 3600
const NOON = 1_700_000_000
const middle = () => 0.3

function featureOf(name: string, state: ReturnType<typeof createFeatureState>, viewer: number, articles: number[], at = NOON): number[] {
  const into = new Float32Array(articles.length * FEATURES.length)
  state.writeFeatures({ viewer, at, articles: Int32Array.from(articles), contextArticle: -1 }, into)
  return articles.map((_, i) => into[i * FEATURES.length + FEATURES.indexOf(name)] as number)
}

test('a count is half as high after its half-life, whatever was counted between', () => {
  const counts = createDecayedCounts()
  counts.add(7, 4, NOON)
  counts.add(7, 0, NOON + 2 * HOUR)
  const sums = new Float64Array(HALF_LIVES_H.length)
  counts.read(7, NOON + 3 * HOUR, sums)
  assert.deepEqual(
    Array.from(sums, sum => Number(sum.toFixed(6))),
    HALF_LIVES_H.map(hours => Number((4 * 0.5 ** (3 / hours)).toFixed(6))),
  )
  counts.read(100_000, NOON, sums)
  assert.deepEqual([...sums], [0, 0, 0, 0, 0, 0])
})

test('an article that is clicked beside a strong one becomes stronger than one that is clicked beside a weak one', () => {
  const strengths = createStrengths()
  const [strong, weak, one, other] = [0, 1, 2, 3]
  for (let i = 0; i < 50; i++) strengths.learn(Int32Array.of(strong, weak), Uint8Array.of(1, 0))
  strengths.learn(Int32Array.of(strong, one), Uint8Array.of(0, 1))
  strengths.learn(Int32Array.of(weak, other), Uint8Array.of(0, 1))
  assert.ok(strengths.of(one, 0) > strengths.of(other, 0))
  assert.ok(strengths.of(other, 0) > 0)
})

test('what readers alike click counts for a viewer, and what others click does not', () => {
  const state = createFeatureState(middle)
  const [alice, bob, carol] = [0, 1, 2]
  for (const article of [1, 2, 3]) for (const viewer of [alice, bob]) state.click(viewer, article, NOON - 50 * HOUR)
  for (const article of [4, 5, 6]) state.click(carol, article, NOON - 50 * HOUR)
  state.click(bob, 10, NOON - HOUR)
  state.click(carol, 11, NOON - HOUR)
  const [byBob, byCarol] = featureOf('similar_48h', state, alice, [10, 11]) as [number, number]
  assert.ok(byBob > byCarol)
  assert.deepEqual(featureOf('clicks_1h', state, alice, [10])[0], featureOf('clicks_1h', state, alice, [11])[0])
})

test('a past click says what the viewer reads, and is no click of today', () => {
  const state = createFeatureState(middle)
  state.click(0, 1, NOON, true)
  const [never, past] = featureOf('clicks_48h', state, 0, [2, 1]) as [number, number]
  assert.equal(past, never)
  assert.deepEqual(featureOf('was_clicked', state, 0, [2, 1]), [0, 1])
})

test('what was shown to one viewer is no exposure of another', () => {
  const state = createFeatureState(middle)
  state.learn({ viewer: 0, at: NOON - HOUR, articles: Int32Array.of(1, 2), clicked: Uint8Array.of(0, 1) })
  assert.deepEqual(featureOf('was_shown', state, 0, [1, 2, 3]), [1, 1, 0])
  assert.deepEqual(featureOf('was_shown', state, 1, [1, 2, 3]), [0, 0, 0])
})

test('a topic that a viewer passes over without a click is less to their taste, and its articles less to that of all', () => {
  const state = createFeatureState(middle)
  const [passedOver, neverShown] = [1, 2]
  for (const article of [passedOver, neverShown])
    state.describe(article, { topic: article, words: new Int32Array(0), weights: new Float64Array(0) })
  for (let i = 0; i < 40; i++)
    state.learn({ viewer: 0, at: NOON - HOUR + i, articles: Int32Array.of(passedOver), clicked: Uint8Array.of(0) })
  for (const feature of ['topic_taste', 'topic_lift', 'lift_3h']) {
    const [one, other] = featureOf(feature, state, 0, [passedOver, neverShown]) as [number, number]
    assert.ok(one < other - 0.5, `${feature}: ${one}, ${other}`)
  }
  const [ofAnother] = featureOf('topic_taste', state, 1, [passedOver])
  assert.equal(ofAnother, 0)
})

test('every feature is a number, of articles and viewers that were never seen too', () => {
  const state = createFeatureState(middle)
  state.refit()
  const features = new Float32Array(2 * FEATURES.length)
  state.writeFeatures({ viewer: 9, at: NOON, articles: Int32Array.of(70_000, 3), contextArticle: 5 }, features)
  const inputs = new Float32Array(2 * INPUTS.length)
  writeInputs(features, 2, { places: 2, isMobile: true, at: NOON, hasContext: true, impressions: 0 }, inputs)
  assert.ok(features.every(Number.isFinite) && inputs.every(Number.isFinite))
})

test('a feature stands as it is, as its z-score and as its rank, and a feature that all share says nothing', () => {
  const forms = new Float32Array(3 * 2 * 3)
  expandForms(Float32Array.of(1, 5, 3, 5, 2, 5), 3, 2, forms)
  const z = 1 / Math.sqrt(2 / 3)
  const expected = [1, -z, -0.5, 5, 0, 0, 3, z, 0.5, 5, 0, 0, 2, 0, 0, 5, 0, 0]
  assert.deepEqual(
    Array.from(forms, value => value.toFixed(4).replace('-0.0000', '0.0000')),
    expected.map(value => value.toFixed(4)),
  )
})
