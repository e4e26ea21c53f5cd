// How much a candidate is worth to the viewer: the product of these factors. The model replaces those that say what readers like;
// what the viewer has chosen stands in both.

import { DAY } from '../base/clock.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { Factor, Score } from './pipeline/pipeline.ts'
import { type Policy, sourceWeight } from './policy/policy.ts'
import type { RankedArticle, RankingQuery } from './ranking-query.ts'

// As much as having read a channel often: a first choice changes the next page visibly.
const INTEREST_FACTOR = 3
// Tells the two languages apart in explanations and in the log. It changes no order: `select` puts the other language behind.
const OTHER_LANGUAGE_FACTOR = 0.25

type Factors = Record<string, Factor<RankedArticle, RankingQuery>>

/** What the viewer has said, which no model has to find out. Most have said nothing: then it is one number for all articles. */
const CHOSEN: Factors = {
  closeness: ({ followedIds }) => (followedIds.size === 0 ? 1 : ({ facts }) => (followedIds.has(facts.authorId) ? 1.5 : 1)),
  choice: ({ dials: { interests } }) => (interests.size === 0 ? 1 : ({ facts }) => (interests.has(facts.channelId) ? INTEREST_FACTOR : 1)),
  disinterest: ({ disinterest, dials }) => (dials.notInterestedIds.size === 0 ? 1 : ({ facts }) => disinterest.of(facts)),
  language: ({ dials: { language } }) =>
    language === undefined ? 1 : ({ facts }) => (facts.language === language ? 1 : OTHER_LANGUAGE_FACTOR),
}

/** Before the model has learned enough, and whenever it gives no answer. */
export const createScores = (catalogue: Pick<Catalogue, 'trendingScoresAt'>) =>
  ({
    // log1p: the hundredth click says less than the first. The prior of half a click is for articles without clicks.
    appeal({ now }: Pick<RankingQuery, 'now'>) {
      const scoreOf = catalogue.trendingScoresAt(now)
      return ({ facts }: Pick<RankedArticle, 'facts'>) => Math.log1p(0.5 + Math.max(0, scoreOf(facts)))
    },
    // Half as good after a day: news. Never 0, so that the old articles at the end of a long session keep an order.
    freshness:
      ({ now }: Pick<RankingQuery, 'now'>) =>
      ({ facts }: Pick<RankedArticle, 'facts'>) =>
        0.02 + 0.5 ** (Math.max(0, now - facts.publishedAt) / DAY),
    taste:
      ({ affinity }: Pick<RankingQuery, 'affinity'>) =>
      ({ facts }: Pick<RankedArticle, 'facts'>) =>
        1 + 4 * affinity.of(facts.channelId),
    ...CHOSEN,
    likeness:
      () =>
      ({ similarity = 0 }: Pick<RankedArticle, 'similarity'>) =>
        1 + 2 * similarity,
  }) satisfies Factors

/** `model`: how likely a click is, beside a usual candidate, as src/recommend/learn expects. */
export const MODEL_SCORES: Factors = {
  model:
    () =>
    ({ appeal = 0 }) =>
      appeal,
  ...CHOSEN,
}

/** Only where a policy weighs sources: the highest weight of those that found the article. */
const SOURCE: Factors = {
  source:
    ({ policy }) =>
    ({ from }) =>
      sourceWeight(policy, from),
}

const areAllOne = (weights: Record<string, number>) => Object.values(weights).every(weight => weight === 1)

/** The factors, as strong as the policy says. */
export function weigh(factors: Factors, { sources, factors: weights }: Policy): Score<RankedArticle, RankingQuery> {
  return { factors: areAllOne(sources) ? factors : { ...factors, ...SOURCE }, weights: areAllOne(weights) ? undefined : weights }
}
