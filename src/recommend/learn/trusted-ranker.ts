// The ranker as it learns from live impressions, and whether to trust it. Its inputs are the features as they are: what compares
// them with the candidates beside, as offline, is not the same among ten of a page and among all candidates. Each impression is
// scored before it is learned from, by the newest weights and by the last good ones; those that ranked the last thousand better go on.

import { FEATURES } from '../model/feature-names.ts'
import { AVERAGED, createSoftmaxRanker, type Snapshot, softmaxLoss } from '../model/softmax-ranker.ts'

/** Chosen in the simulated world of bench/learning.ts. */
const [STEP, DECAY] = [0.3, 1e-4]
const PLACES = 20 // a page has ten
/** Impressions that tell the scale of each input, before the first is learned from. */
const WARM_UP = 100
/** Weights are compared, and become the good ones, after so many impressions. */
const CHECK_EVERY = 250
/** Before so many, chance decides. */
const TRUSTED_FROM = 500
/** Of a mean of losses: what one impression counts. The mean of a thousand. */
const LOSS_STEP = 1 / 1000
/** Differences below are chance; losses are near 2. */
const [WORSE_BY, BETTER_BY] = [0.02, 0.02]

interface Example {
  /** FEATURES.length for each. */
  inputs: Float32Array
  clicked: Uint8Array
  places: number[]
}

interface Data {
  warmUp: Example[]
  /** Impressions learned from, from the first one and since the good weights. */
  learned: number
  sinceGood: number
  /** Without weights at first; undefined during the warm-up. */
  good: Snapshot | undefined
  goodLearned: number
  /** Means over the last impressions: of the newest weights, of the good ones, and of equal chances. */
  loss: { newest: number; good: number; equal: number }
  rollbacks: number
  refused: number
}

export function createTrustedRanker() {
  const options = { width: FEATURES.length, step: STEP, decay: DECAY, places: PLACES }
  const ranker = createSoftmaxRanker(options)
  const goodRanker = createSoftmaxRanker(options)
  const data: Data = {
    warmUp: [],
    learned: 0,
    sinceGood: 0,
    good: undefined,
    goodLearned: 0,
    loss: { newest: 0, good: 0, equal: 0 },
    rollbacks: 0,
    refused: 0,
  }

  /** A mean that begins at 0 is small while it is young. */
  const grownBy = (learned: number) => 1 - (1 - AVERAGED) ** Math.max(1, learned)
  const scoresOf = (of: typeof ranker, learned: number, inputs: Float32Array, count: number) =>
    of.scores(inputs, count).map(score => score / grownBy(learned))

  function learnOne({ inputs, clicked, places }: Example): void {
    const count = clicked.length
    const losses = {
      newest: softmaxLoss(scoresOf(ranker, data.learned, inputs, count), clicked),
      good: softmaxLoss(scoresOf(goodRanker, data.goodLearned, inputs, count), clicked),
      equal: Math.log(count),
    }
    if (!Object.values(losses).every(Number.isFinite) || Number.isNaN(ranker.learn(inputs, clicked, places))) {
      data.refused++
      return
    }
    const step = Math.max(LOSS_STEP, 1 / (data.learned + 1))
    for (const key of ['newest', 'good', 'equal'] as const) data.loss[key] += step * (losses[key] - data.loss[key])
    data.learned++
    if (++data.sinceGood >= CHECK_EVERY) check()
  }

  function check(): void {
    const isWorse = data.goodLearned > 0 && data.loss.newest > data.loss.good + WORSE_BY
    const newest = ranker.save()
    const isWhole = Object.values(newest).every((values: Float64Array) => values.every(Number.isFinite))
    if ((isWorse || !isWhole) && data.good) {
      ranker.restore(data.good)
      data.learned = data.goodLearned
      data.loss.newest = data.loss.good
      data.rollbacks++
    } else if (isWhole) {
      data.good = newest
      data.goodLearned = data.learned
      data.loss.good = data.loss.newest
      goodRanker.restore(newest)
    }
    data.sinceGood = 0
  }

  return {
    /** `places`: where each stood on its page. */
    learn(inputs: Float32Array, clicked: Uint8Array, places: number[]): void {
      const clicks = clicked.reduce((sum, one) => sum + one, 0)
      if (clicks === 0 || clicks === clicked.length) return
      if (data.learned > 0) return learnOne({ inputs, clicked, places })
      data.warmUp.push({ inputs, clicked, places })
      if (data.warmUp.length < WARM_UP) return
      ranker.standardise(data.warmUp.map(example => example.inputs))
      data.good = ranker.save()
      goodRanker.restore(data.good)
      for (const example of data.warmUp) learnOne(example)
      data.warmUp = []
    },
    /** How much a place is looked at beside the others; 1 before anything was learned. */
    attentionTo: (place: number): number => Math.exp(ranker.placeWeightOf(place)),
    /** Whether its ranking is known to be better than none. */
    isTrusted: () => data.learned >= TRUSTED_FROM && data.loss.newest < data.loss.equal - BETTER_BY,
    scores: (inputs: Float32Array, count: number): Float64Array => scoresOf(ranker, data.learned, inputs, count),
    data,
    save: (): SavedRanker => ({ data, newest: ranker.save() }),
    restore(saved: SavedRanker): void {
      Object.assign(data, saved.data)
      ranker.restore(saved.newest)
      if (data.good) goodRanker.restore(data.good)
    },
  }
}

export type TrustedRanker = ReturnType<typeof createTrustedRanker>

export interface SavedRanker {
  data: Data
  newest: Snapshot
}
