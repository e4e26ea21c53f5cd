// The learned ranking for impressions of the day after the sample. Of them it knows the texts, what earlier days clicked of the
// articles that these days showed, and nothing of the day itself: so each day of the sample is also ranked by what was known before it.

import type { Input } from '../../src/recommend/model/inputs.ts'
import type { Part } from '../measure/learned-ranking.ts'
import type { Described } from '../mind/content-signals.ts'
import { createModel } from '../mind/model.ts'
import { createReadingVectors } from '../mind/reading-vectors.ts'
import { dayOf, november, type Sample } from '../mind/sample.ts'

const HISTORY_MAX = 50

/** Clicks on an article beside those expected. All that earlier days say of it would be more inputs than so few impressions can weigh. */
const isUsed = ({ name, group }: Input) => group === 'content' || group === 'topic' || name.startsWith('lift_48h')

/** 9 November warms up, 10 to 13 fit, 14 stops the fitting. */
const partOfDay = ({ at }: { at: number }): Part | 'score' | undefined =>
  at >= november(15) ? 'score' : at >= november(14) ? 'stop' : at >= november(10) ? 'fit' : undefined

/** Has learned from the whole sample. */
export function learnFrom(sample: Sample, partOf = partOfDay) {
  const histories = new Map(sample.impressions.map(({ user, history }) => [user, new Set(history.slice(-HISTORY_MAX))]))
  const vectorOf = (article: number) => (sample.articles[article] as Described).vector
  const widen = createReadingVectors(Array.from(histories.values(), history => Array.from(history, vectorOf)))
  const described = ({ category, vector }: Described) => ({ category, vector: widen(vector) })
  const model = createModel({ articles: sample.articles.map(described) }, { partOf, isUsed, learnsOnline: false })
  for (const impressions of byDay(sample.impressions)) {
    for (const impression of impressions) model.scores(impression)
    for (const impression of impressions) model.learn(impression)
  }
  return { ...model, describe: (article: number, text: Described) => model.describe(article, described(text)) }
}

const byDay = <I extends { at: number }>(impressions: readonly I[]): Iterable<I[]> =>
  Map.groupBy(impressions, ({ at }) => dayOf(at)).values()
