import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { createSoftmaxRanker } from './softmax-ranker.ts'

const WIDTH = 3

/** Impressions of four candidates where the second input is what is clicked for. */
function* impressions(count: number): Generator<{ inputs: Float32Array; clicked: Uint8Array }> {
  const { next } = createSeededRandom(7)
  for (let i = 0; i < count; i++) {
    const inputs = Float32Array.from({ length: 4 * WIDTH }, next)
    const wanted = [0, 1, 2, 3].map(candidate => inputs[candidate * WIDTH + 1] as number)
    yield { inputs, clicked: Uint8Array.from(wanted, value => Number(value === Math.max(...wanted))) }
  }
}

function taught(count: number) {
  const ranker = createSoftmaxRanker({ width: WIDTH, step: 0.3, decay: 1e-4 })
  const examples = [...impressions(count)]
  ranker.standardise(examples.map(({ inputs }) => inputs))
  for (const { inputs, clicked } of examples) ranker.learn(inputs, clicked)
  return ranker
}

test('the ranker finds out what is clicked for', () => {
  const ranker = taught(3_000)
  const scores = ranker.scores(Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.9, 0.1), 2)
  assert.ok((scores[1] as number) > (scores[0] as number) + 1)
})

test('the same impressions in the same order give the same weights, also if half of them follow a restored snapshot', () => {
  const examples = [...impressions(400)]
  const whole = createSoftmaxRanker({ width: WIDTH, step: 0.3, decay: 1e-4 })
  for (const { inputs, clicked } of examples) whole.learn(inputs, clicked)
  const first = createSoftmaxRanker({ width: WIDTH, step: 0.3, decay: 1e-4 })
  for (const { inputs, clicked } of examples.slice(0, 200)) first.learn(inputs, clicked)
  const second = createSoftmaxRanker({ width: WIDTH, step: 0.3, decay: 1e-4 })
  second.restore(first.save())
  for (const { inputs, clicked } of examples.slice(200)) second.learn(inputs, clicked)
  assert.deepEqual(second.save(), whole.save())
})

test('an input that is no number teaches nothing, and weights stay within bounds', () => {
  const ranker = taught(100)
  const before = ranker.save()
  assert.ok(Number.isNaN(ranker.learn(Float32Array.of(Number.NaN, 1, 1, 1, 1, 1), Uint8Array.of(1, 0))))
  assert.deepEqual(ranker.save(), before)
  for (let i = 0; i < 2_000; i++) ranker.learn(Float32Array.of(0, 1e6, 0, 0, -1e6, 0), Uint8Array.of(1, 0))
  assert.ok(ranker.save().weights.every(weight => Math.abs(weight) <= 10))
})

test('an impression where everything or nothing was clicked teaches nothing', () => {
  const ranker = taught(100)
  const before = ranker.save()
  ranker.learn(Float32Array.of(0, 1, 0, 0, 0, 0), Uint8Array.of(0, 0))
  ranker.learn(Float32Array.of(0, 1, 0, 0, 0, 0), Uint8Array.of(1, 1))
  assert.deepEqual(ranker.save(), before)
})
