// What is trained each night: trees over the features, and how they are combined with the ranker that learns from each click.

import { deserialize, serialize } from 'node:v8'
import { FEATURES } from '../model/feature-names.ts'
import { type Combination, combine } from '../trees/combination.ts'
import { scoresByTrees, type Trees } from '../trees/trees.ts'

export interface TrainedModel {
  trees: Trees
  /** The first is the ranker that learns from each click, the second the trees. */
  combination: Combination
}

/** Trees know their features by number: those of other features are not used. */
const FEATURE_LIST = FEATURES.join(' ')

/**
 * Of so many candidates, the best of the ranker, the trees say more; a ranking serves eighty. Trees for all five hundred would take
 * as long as everything else of a page.
 */
const RERANKED = 100

/** The others keep their order below: the trees are taken to like them as little as the least of these. */
export function scoresOf({ trees, combination }: TrainedModel, features: Float32Array, online: Float64Array): Float64Array {
  const least = online.toSorted()[Math.max(0, online.length - RERANKED)] as number
  const best = Array.from(online.keys()).filter(candidate => (online[candidate] as number) >= least)
  const width = FEATURES.length
  const theirs = new Float32Array(best.length * width)
  for (const [i, candidate] of best.entries()) theirs.set(features.subarray(candidate * width, (candidate + 1) * width), i * width)
  const scores = scoresByTrees(trees, theirs, best.length)
  const byTrees = new Float64Array(online.length).fill(scores.reduce((a, b) => Math.min(a, b), 0))
  for (const [i, candidate] of best.entries()) byTrees[candidate] = scores[i] as number
  return combine(combination, online, byTrees)
}

export const packModel = (model: TrainedModel): Buffer => serialize({ features: FEATURE_LIST, ...model })

/** Undefined if it was trained with other features. */
export function unpackModel(bytes: Uint8Array): TrainedModel | undefined {
  try {
    const { features, trees, combination } = deserialize(bytes) as TrainedModel & { features: string }
    return features === FEATURE_LIST ? { trees, combination } : undefined
  } catch {
    return undefined
  }
}
