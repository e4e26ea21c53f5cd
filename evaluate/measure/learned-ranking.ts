// Fits the learned ranker to impressions in order of time, and stops when it no longer gets better on later ones.

import { createSeededRandom } from '../../src/base/seeded-random.ts'
import { INPUTS, type Input } from '../../src/recommend/model/inputs.ts'
import { createSoftmaxRanker, type SoftmaxRanker } from '../../src/recommend/model/softmax-ranker.ts'

interface Example {
  /** INPUTS.length for each candidate. */
  inputs: Float32Array
  clicked: Uint8Array
}

/** What an impression is for: fitting, or to know when to stop. */
export type Part = 'fit' | 'stop'

const [STEP, DECAY] = [0.3, 1e-4] // chosen on E1-dev: docs/recommender-model.md
const ROUNDS_MAX = 12
const PATIENCE = 2 // rounds without a lower loss

export function createLearnedRanking() {
  const examples: Record<Part, Example[]> = { fit: [], stop: [] }

  const createRanker = (isUsed: (input: Input) => boolean) =>
    createSoftmaxRanker({ width: INPUTS.length, step: STEP, decay: DECAY, isUsed: input => isUsed(INPUTS[input] as Input) })

  return {
    createRanker,
    add: (part: Part, example: Example) => examples[part].push(example),
    /** Of the impressions to stop by. */
    scores: (ranker: SoftmaxRanker) => examples.stop.map(({ inputs, clicked }) => ranker.scores(inputs, clicked.length)),
    /** The ranker with the lowest loss on the part to stop. `isUsed`: the inputs that it has. */
    fit(isUsed: (input: Input) => boolean): SoftmaxRanker {
      const ranker = createRanker(isUsed)
      ranker.standardise(examples.fit.map(example => example.inputs))
      const random = createSeededRandom(1)
      let best = { loss: Number.POSITIVE_INFINITY, snapshot: ranker.save(), round: 0 }
      for (let round = 1; round <= ROUNDS_MAX && round - best.round <= PATIENCE; round++) {
        for (const { inputs, clicked } of random.shuffle(examples.fit)) ranker.learn(inputs, clicked)
        let loss = 0
        for (const { inputs, clicked } of examples.stop) loss += ranker.loss(inputs, clicked)
        if (loss < best.loss) best = { loss, snapshot: ranker.save(), round }
      }
      ranker.restore(best.snapshot)
      return ranker
    },
  }
}
