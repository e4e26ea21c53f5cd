// The rows of the learned ranker: `model`, and `model_nonpersonal` without what depends on the viewer. Both are fitted before the
// first scored impression. With `learnsOnline`, `model_online` goes on learning from scored ones, a minute after each. With `hasTrees`,
// `trees` and `trees_nonpersonal` are fitted beside, and `combined` is what is served: `model` and `trees` in the best proportion.

import { createSeededRandom } from '../../src/base/seeded-random.ts'
import { FEATURES, PERSONAL_GROUPS } from '../../src/recommend/model/feature-names.ts'
import { createFeatureState, type FeatureState } from '../../src/recommend/model/feature-state.ts'
import { INPUTS, type Input, TREE_INPUTS, writeInputs, writeTreeInputs } from '../../src/recommend/model/inputs.ts'
import type { SoftmaxRanker } from '../../src/recommend/model/softmax-ranker.ts'
import { type Combination, combine } from '../../src/recommend/trees/combination.ts'
import { scoresByTrees, type Trees } from '../../src/recommend/trees/trees.ts'
import { createLearnedRanking, type Part } from './learned-ranking.ts'
import { createLearnedTrees } from './learned-trees.ts'
import type { Impression } from './replay.ts'

export interface ModelQuery extends Impression {
  isMobile?: boolean
  contextArticle?: number
  /** What the user has read, the newest last, if the log says it with the impression. */
  history?: Int32Array
  /** The newest clicks of the user, if the protocol lets them be known at once. */
  session?: readonly number[]
}

export interface ModelRowsOptions {
  partOf: (impression: ModelQuery) => Part | 'score' | undefined
  isUsed?: (input: Input) => boolean
  /** Off where readers have a handful of clicks each: factors would be noise, and cost more than all else. */
  hasFactors?: boolean
  /** Off where what was scored is not learned from: its inputs are not kept. */
  learnsOnline?: boolean
  hasTrees?: boolean
}

const DAY_S = 86_400

export function createModelRows({ partOf, isUsed = () => true, hasFactors = true, learnsOnline = true, hasTrees }: ModelRowsOptions) {
  const state: FeatureState = createFeatureState(createSeededRandom(1).next)
  const learned = createLearnedRanking()
  const learnedTrees = createLearnedTrees()
  const rankers: Record<string, SoftmaxRanker> = {}
  const forests: Record<string, Trees> = {}
  let combination: Combination | undefined
  const scored = new Map<string, Float32Array>()
  const cost = { fit_cpu_seconds: 0, trees_cpu_seconds: 0, trees: 0, candidates: 0, rank_cpu_us: 0 }
  let refittedOn = 0

  function inputsOf(query: ModelQuery) {
    const { user, at, articles, isMobile = false, contextArticle = -1, history, session } = query
    const day = Math.floor(at / DAY_S)
    if (day !== refittedOn && hasFactors) state.refit()
    refittedOn = day
    const features = new Float32Array(articles.length * FEATURES.length)
    state.writeFeatures({ viewer: user, at, articles, contextArticle, read: history && Array.from(history), session }, features)
    const inputs = new Float32Array(articles.length * INPUTS.length)
    const circumstances = {
      places: articles.length,
      isMobile,
      at,
      hasContext: contextArticle >= 0,
      impressions: state.impressionsOf(user, at),
    }
    writeInputs(features, articles.length, circumstances, inputs)
    const treeInputs = new Float32Array(hasTrees ? articles.length * TREE_INPUTS.length : 0)
    if (hasTrees) writeTreeInputs(inputs, articles.length, circumstances, treeInputs)
    return { inputs, treeInputs }
  }

  function fit(): void {
    const before = process.cpuUsage()
    rankers.model = learned.fit(isUsed)
    rankers.model_nonpersonal = learned.fit(input => isUsed(input) && isNonpersonal(input))
    if (learnsOnline) {
      rankers.model_online = learned.createRanker(isUsed)
      rankers.model_online.restore(rankers.model.save())
    }
    cost.fit_cpu_seconds = seconds(process.cpuUsage(before))
    if (hasTrees) fitTrees(rankers.model)
  }

  function fitTrees(model: SoftmaxRanker): void {
    const before = process.cpuUsage()
    const trees = learnedTrees.fit(isUsed)
    cost.trees_cpu_seconds = seconds(process.cpuUsage(before))
    cost.trees = trees.roots.length
    Object.assign(forests, { trees, trees_nonpersonal: learnedTrees.fit(input => isUsed(input) && isNonpersonal(input)) })
    combination = learnedTrees.combine(trees, learned.scores(model))
  }

  return {
    state,
    learn(impression: Impression): void {
      const { user, at, articles, clicked, id } = impression
      state.learn({ viewer: user, at, articles, clicked })
      const inputs = scored.get(id)
      if (inputs) rankers.model_online?.learn(inputs, clicked)
      scored.delete(id)
    },
    /** Keeps the impression for fitting, or ranks its articles. */
    scores(query: ModelQuery): Record<string, Float64Array> {
      const part = partOf(query)
      if (!part) return {}
      if (part === 'score' && !rankers.model) fit()
      const before = process.cpuUsage()
      const { inputs, treeInputs } = inputsOf(query)
      if (part !== 'score') {
        learned.add(part, { inputs, clicked: query.clicked })
        learnedTrees.add(part, { inputs: treeInputs, clicked: query.clicked })
        return {}
      }
      if (learnsOnline) scored.set(query.id, inputs)
      const count = query.articles.length
      const scores: Record<string, Float64Array> = {}
      for (const [name, ranker] of Object.entries(rankers)) scores[name] = ranker.scores(inputs, count)
      for (const [name, trees] of Object.entries(forests)) scores[name] = scoresByTrees(trees, treeInputs, count)
      const { model, trees } = scores
      if (combination && model && trees) scores.combined = combine(combination, model, trees)
      cost.candidates += query.articles.length
      cost.rank_cpu_us += seconds(process.cpuUsage(before)) * 1e6
      return scores
    },
    cost: () => ({
      ...(hasTrees && { trees: cost.trees, trees_cpu_seconds: Math.round(cost.trees_cpu_seconds * 10) / 10 }),
      fit_cpu_seconds: Math.round(cost.fit_cpu_seconds * 10) / 10,
      rank_us_per_candidate: Math.round((cost.rank_cpu_us / Math.max(1, cost.candidates)) * 10) / 10,
    }),
  }
}

const isNonpersonal = (input: Input) => !PERSONAL_GROUPS.includes(input.group)
const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6
