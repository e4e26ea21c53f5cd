// Trees fitted to the impressions that the learned ranker is fitted to, and both combined.

import { type Input, TREE_INPUTS } from '../../src/recommend/model/inputs.ts'
import { type Combination, fitCombination } from '../../src/recommend/trees/combination.ts'
import { joinExamples } from '../../src/recommend/trees/examples.ts'
import { TRAIN_OPTIONS, trainTrees } from '../../src/recommend/trees/train-trees.ts'
import { scoresByTrees, type Trees } from '../../src/recommend/trees/trees.ts'
import type { Part } from './learned-ranking.ts'

interface Example {
  /** TREE_INPUTS.length for each candidate. */
  inputs: Float32Array
  clicked: Uint8Array
}

export function createLearnedTrees() {
  const examples: Record<Part, Example[]> = { fit: [], stop: [] }
  return {
    add: (part: Part, example: Example) => examples[part].push(example),
    fit(isUsed: (input: Input) => boolean): Trees {
      const inputs = Int32Array.from(TREE_INPUTS.flatMap((input, i) => (isUsed(input) ? i : [])))
      const [fit, stop] = [joinExamples(examples.fit, TREE_INPUTS.length), joinExamples(examples.stop, TREE_INPUTS.length)]
      return trainTrees(fit, stop, { ...TRAIN_OPTIONS, inputs })
    },
    /** `scores`: of the impressions to stop by, by the other ranker. */
    combine(trees: Trees, scores: readonly Float64Array[]): Combination {
      return fitCombination(
        examples.stop.map(({ inputs, clicked }, i) => ({
          first: scores[i] as Float64Array,
          second: scoresByTrees(trees, inputs, clicked.length),
          clicked,
        })),
      )
    },
  }
}
