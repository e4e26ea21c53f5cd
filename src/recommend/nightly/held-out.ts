// Ranks all articles as they were at a click that no model was trained with, and notes how high the clicked one stands; and how likely
// each ranking made the choice among the page.

import type { ArticleId } from '../../base/id.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import type { Learner } from '../learn/learner.ts'
import type { Choice } from '../learn/page-lessons.ts'
import { FEATURES } from '../model/feature-names.ts'
import { softmaxLoss } from '../model/softmax-ranker.ts'
import type { Losses, Quality, Ranking } from './gate.ts'
import { scoresOf, type TrainedModel } from './trained-model.ts'

/** The newest articles, as many as the sources of a page find. */
const CANDIDATES = 500
const PLACES = 10

const [POPULARITY, AGE, WAS_CLICKED] = ['clicks_12h', 'age', 'was_clicked'].map(name => FEATURES.indexOf(name)) as [number, number, number]

export function createHeldOut(facts: readonly ArticleFacts[], learner: Pick<Learner, 'score'>) {
  const byAge = facts.toSorted((a, b) => a.publishedAt - b.publishedAt)
  const sums: Partial<Record<Ranking, { ndcg: number; hits: number }>> = {}
  const losses: Partial<Record<keyof Losses, number[]>> = {}
  let clicks = 0

  function candidatesAt(now: number, clicked: ArticleId): ArticleFacts[] {
    let end = byAge.length
    while (end > 0 && (byAge[end - 1] as ArticleFacts).publishedAt > now) end--
    const newest = byAge.slice(Math.max(0, end - CANDIDATES), end)
    return newest.some(({ id }) => id === clicked) ? newest : [...newest, ...byAge.filter(({ id }) => id === clicked)]
  }

  return {
    /** `onlineScale`: what makes the ranker's own choices most likely, as the models have one too. */
    add(choice: Choice, models: Partial<Record<'trained' | 'live', TrainedModel>>, onlineScale: number): void {
      const { viewer, articleId, at } = choice
      const articles = candidatesAt(at * 1000, articleId)
      const target = articles.findIndex(({ id }) => id === articleId)
      if (target < 0) return // withdrawn since
      const { features, scores } = learner.score({ viewer, now: at * 1000, articles })
      const column = (feature: number, sign = 1) => scores.map((_, i) => sign * (features[i * FEATURES.length + feature] as number))
      const isLeft = (i: number) => i === target || features[i * FEATURES.length + WAS_CLICKED] === 0
      const rankings: Partial<Record<Ranking, Float64Array>> = { popularity: column(POPULARITY), recency: column(AGE, -1), online: scores }
      for (const name of ['trained', 'live'] as const) if (models[name]) rankings[name] = scoresOf(models[name], features, scores)
      for (const [name, values] of Object.entries(rankings) as [Ranking, Float64Array][]) {
        const place = placeOf(values, target, isLeft)
        const sum = (sums[name] ??= { ndcg: 0, hits: 0 })
        if (place >= PLACES) continue
        sum.ndcg += 1 / Math.log2(place + 2)
        sum.hits++
      }
      clicks++
      const chosen: typeof rankings = { online: choice.scores.map(score => onlineScale * score) }
      for (const name of ['trained', 'live'] as const)
        if (models[name]) chosen[name] = scoresOf(models[name], choice.features, choice.scores)
      for (const [name, values] of Object.entries(chosen) as [keyof Losses, Float64Array][]) {
        const atPlaces = values.map((score, i) => score + (choice.placeScores[i] as number))
        ;(losses[name] ??= []).push(softmaxLoss(atPlaces, choice.clicked))
      }
    },
    losses: (): Losses => losses,
    /** The mean of each. */
    meanLosses: () =>
      Object.fromEntries(Object.entries(losses).map(([name, own]) => [name, own.reduce((sum, loss) => sum + loss, 0) / own.length])),
    clicks: () => clicks,
    quality: (): Quality => Object.fromEntries(Object.entries(sums).map(([name, { ndcg }]) => [name, ndcg / clicks])),
    hitRates: (): Quality => Object.fromEntries(Object.entries(sums).map(([name, { hits }]) => [name, hits / clicks])),
  }
}

/** From 0. Of those with an equal score, half stand above; a score that is no number stands below all. */
function placeOf(scores: Float64Array, target: number, isLeft: (i: number) => boolean): number {
  const own = scores[target] as number
  if (Number.isNaN(own)) return Number.POSITIVE_INFINITY
  let [above, equal] = [0, 0]
  for (let i = 0; i < scores.length; i++) {
    if (i === target || !isLeft(i)) continue
    if ((scores[i] as number) > own) above++
    else if (scores[i] === own) equal++
  }
  return above + equal / 2
}
