import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../base/seeded-random.ts'
import { fitCombination } from './combination.ts'
import { type Examples, joinExamples } from './examples.ts'
import { meanNdcg } from './lambda-rank.ts'
import { TRAIN_OPTIONS, trainTrees } from './train-trees.ts'
import { scoresByTrees } from './trees.ts'

const WIDTH = 4
const SMALL = { ...TRAIN_OPTIONS, treesMax: 40, leavesMax: 8, leafMin: 20, shrinkage: 1, rate: 0.1 }

/**
 * Two to twelve candidates of four whole numbers; one is clicked. If the first number is high, a high second one is clicked for, and
 * else a low one: no weighted sum of the numbers says that. The fourth says nothing.
 */
function impressions(seed: string, count: number) {
  const random = createSeededRandom(seed)
  return Array.from({ length: count }, () => {
    const candidates = random.int(2, 12)
    const inputs = Float32Array.from({ length: candidates * WIDTH }, () => random.int(1, 40))
    const appeals = Array.from({ length: candidates }, (_, candidate) => {
      const [first, second, third] = inputs.subarray(candidate * WIDTH) as unknown as [number, number, number]
      return (first > 20 ? second : 40 - second) / 8 + third / 40 + random.normal()
    })
    return { inputs, clicked: Uint8Array.from(appeals, appeal => Number(appeal === Math.max(...appeals))) }
  })
}

const examples = (seed: string, count: number): Examples => joinExamples(impressions(seed, count), WIDTH)
const ndcgOf = (scores: Float64Array, { clicked, begins }: Examples) => meanNdcg(scores, clicked, begins)

test('trees find what is clicked for, also if it depends on another input', () => {
  const later = examples('later', 300)
  const trees = trainTrees(examples('fit', 600), examples('stop', 200), SMALL)
  const best = impressions('later', 300).flatMap(({ inputs }) =>
    Array.from({ length: inputs.length / WIDTH }, (_, i) => {
      const [first, second, third] = inputs.subarray(i * WIDTH) as unknown as [number, number, number]
      return (first > 20 ? second : 40 - second) / 8 + third / 40
    }),
  )
  const [reached, possible] = [
    ndcgOf(scoresByTrees(trees, later.inputs, later.clicked.length), later),
    ndcgOf(Float64Array.from(best), later),
  ]
  assert.ok(reached > possible - 0.03, `${reached} of ${possible}`)
})

test('the first five trees are those of LightGBM', () => {
  // lightgbm 4.7.0: objective lambdarank, learning_rate .1, num_leaves 8, min_data_in_leaf 20, lambda_l2 1, min_data_in_bin 1.
  const predicted = [-0.49235, -0.43656, -0.62521, 0.40368, -0.11394, -0.37321, -0.54447, -0.33588, 0.43913, -0.49235, -0.62521, -0.62521]
  const all = examples('impressions', 400)
  const trees = trainTrees(all, all, { ...SMALL, treesMax: 5, impressionShare: 1, inputShare: 1 })
  for (const [i, score] of scoresByTrees(trees, all.inputs, predicted.length).entries())
    assert.ok(Math.abs(score - (predicted[i] as number)) < 2e-5, `${score} is not ${predicted[i]}`)
})

test('the same impressions give the same trees', () => {
  const [fit, stop] = [examples('fit', 100), examples('stop', 50)]
  assert.deepEqual(trainTrees(fit, stop, { ...SMALL, treesMax: 5 }), trainTrees(fit, stop, { ...SMALL, treesMax: 5 }))
})

test('what is known to add to a score, such as its place, is not learned again', () => {
  const random = createSeededRandom('places')
  // The upper of two is clicked three times of four, and its first input is high.
  const list = Array.from({ length: 800 }, () => {
    const isUpper = random.chance(0.75)
    return {
      inputs: Float32Array.of(40, random.int(1, 40), 1, 1, 1, random.int(1, 40), 1, 1),
      clicked: Uint8Array.of(Number(isUpper), Number(!isUpper)),
      offsets: [Math.log(3), 0],
    }
  })
  const differenceOf = (all: Examples) => {
    const [upper, lower] = scoresByTrees(trainTrees(all, all, SMALL), Float32Array.of(40, 20, 1, 1, 1, 20, 1, 1), 2) as unknown as number[]
    return (upper as number) - (lower as number)
  }
  assert.ok(differenceOf({ ...joinExamples(list, WIDTH), offsets: undefined }) > 0.7)
  assert.ok(Math.abs(differenceOf(joinExamples(list, WIDTH))) < 0.4)
})

test('impressions without a choice, or inputs that are all alike or no numbers, give trees that rank nothing', () => {
  const one = joinExamples([{ inputs: Float32Array.of(1, 2, 3, 4), clicked: Uint8Array.of(1) }], WIDTH)
  const alike = joinExamples(
    Array.from({ length: 50 }, () => ({ inputs: new Float32Array(3 * WIDTH).fill(7), clicked: Uint8Array.of(1, 0, 0) })),
    WIDTH,
  )
  const none = joinExamples([], WIDTH)
  const noNumbers = { ...alike, inputs: alike.inputs.map(() => Number.NaN) }
  for (const each of [one, alike, none, noNumbers]) {
    const trees = trainTrees(each, each, SMALL)
    assert.equal(trees.roots.length, 0)
    assert.deepEqual([...scoresByTrees(trees, Float32Array.of(1, 2, 3, 4), 1)], [0])
  }
})

test('of two rankings, the one that says nothing gets no weight, and what says the contrary is not turned round', () => {
  const random = createSeededRandom('two')
  const scored = Array.from({ length: 500 }, () => {
    const good = Float64Array.from({ length: 6 }, random.normal)
    const appeals = good.map(score => 2 * score - Math.log(-Math.log(1 - random.next())))
    return { good, noise: good.map(random.normal), clicked: Uint8Array.from(appeals, appeal => Number(appeal === Math.max(...appeals))) }
  })
  const both = fitCombination(scored.map(({ good, noise, clicked }) => ({ first: noise, second: good, clicked })))
  assert.ok(both.first < 0.1)
  assert.ok(Math.abs(both.second - 2) < 0.3, `${both.second}`)
  const turned = fitCombination(scored.map(({ good, noise, clicked }) => ({ first: good.map(score => -score), second: noise, clicked })))
  assert.equal(turned.first, 0)
})
