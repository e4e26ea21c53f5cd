import { createIndices } from '../measure/indices.ts'
import { createModelRows, type ModelRowsOptions } from '../measure/model-rows.ts'
import type { Described } from './content-signals.ts'
import type { MindImpression } from './data.ts'
import type { Sample } from './sample.ts'

/** The learned ranker over articles with a category and a title, and readers with a history that has no times. */
export function createModel({ articles }: Pick<Sample, 'articles'>, options: ModelRowsOptions) {
  const rows = createModelRows({ hasTrees: true, ...options })
  const topics = createIndices<string>()
  const known = new Set<number>()
  const describe = (article: number, { category, vector }: Described) =>
    rows.state.describe(article, { topic: topics.indexOf(category), words: vector.words, weights: vector.weights })
  for (const [article, described] of articles.entries()) describe(article, described)

  return {
    describe,
    cost: rows.cost,
    learn: rows.learn,
    scores(impression: MindImpression): Record<string, Float64Array> {
      const { user, history, at, articles: shown } = impression
      for (const article of shown) rows.state.publish(article, at)
      if (!known.has(user)) for (const article of history) rows.state.click(user, article, at, true)
      known.add(user)
      return rows.scores(impression)
    },
  }
}
