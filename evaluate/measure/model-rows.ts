// The rows of the learned ranker: `model`, and `model_nonpersonal` without what depends on the viewer. Both are fitted before the
// first scored impression. With `learnsOnline`, `model_online` goes on learning from scored ones, a minute after each.

import { createSeededRandom } from '../../src/base/seeded-random.ts'
import { FEATURES, PERSONAL_GROUPS } from '../../src/recommend/model/feature-names.ts'
import { createFeatureState, type FeatureState } from '../../src/recommend/model/feature-state.ts'
import { INPUTS, type Input, writeInputs } from '../../src/recommend/model/inputs.ts'
import type { SoftmaxRanker } from '../../src/recommend/model/softmax-ranker.ts'
import { createLearnedRanking, type Part } from './learned-ranking.ts'
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
}

const DAY_S = 86_400

export function createModelRows({ partOf, isUsed = () => true, hasFactors = true, learnsOnline = true }: ModelRowsOptions) {
  const state: FeatureState = createFeatureState(createSeededRandom(1).next)
  const learned = createLearnedRanking()
  const rankers: Record<string, SoftmaxRanker> = {}
  const scored = new Map<string, Float32Array>()
  const cost = { fit_cpu_seconds: 0, candidates: 0, rank_cpu_us: 0 }
  let refittedOn = 0

  function inputsOf(query: ModelQuery): Float32Array {
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
    return inputs
  }

  function fit(): void {
    const before = process.cpuUsage()
    rankers.model = learned.fit(isUsed)
    rankers.model_nonpersonal = learned.fit(input => isUsed(input) && !PERSONAL_GROUPS.includes(input.group))
    if (learnsOnline) {
      rankers.model_online = learned.createRanker(isUsed)
      rankers.model_online.restore(rankers.model.save())
    }
    cost.fit_cpu_seconds = seconds(process.cpuUsage(before))
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
      const inputs = inputsOf(query)
      if (part !== 'score') {
        learned.add(part, { inputs, clicked: query.clicked })
        return {}
      }
      if (learnsOnline) scored.set(query.id, inputs)
      const scores = Object.entries(rankers).map(([name, ranker]) => [name, ranker.scores(inputs, query.articles.length)])
      cost.candidates += query.articles.length
      cost.rank_cpu_us += seconds(process.cpuUsage(before)) * 1e6
      return Object.fromEntries(scores)
    },
    cost: () => ({
      fit_cpu_seconds: Math.round(cost.fit_cpu_seconds * 10) / 10,
      rank_us_per_candidate: Math.round((cost.rank_cpu_us / Math.max(1, cost.candidates)) * 10) / 10,
    }),
  }
}

const seconds = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6
