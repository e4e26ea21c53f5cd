// One place of a page is for exploration: a new article with few impressions, sampled in proportion to the click rate it may
// turn out to have. The probability of the draw (propensity) is stored, so that learning from clicks can correct for it.

import type { Catalogue, ImpressionStats } from '../catalogue/catalogue.ts'
import type { RankedArticle } from '../ranking-query.ts'

export interface Sample<T> {
  chosen: T
  /** The probability with which it was drawn, from 0 to 1. */
  propensity: number
}

// The prior click rate is one in eight, with the weight of eight impressions.
const PRIOR_CLICKS = 1
const PRIOR_SHOWN = 8
// Softmax temperature: a candidate whose upper bound is 0.05 higher is drawn e times as often.
const TEMPERATURE = 0.05
// The fifth of ten: visible without scrolling far, and not in the way of the best.
export const EXPLORE_POSITION = 4
export const PAGE_LENGTH_MIN = 5 // a shorter page has no place to give away

/** The upper bound of the click rate: mean plus one standard deviation of its beta posterior. */
export function upperBoundScore({ shown, clicks }: ImpressionStats): number {
  const a = PRIOR_CLICKS + clicks
  const b = PRIOR_SHOWN - PRIOR_CLICKS + Math.max(0, shown - clicks)
  const total = a + b
  return a / total + Math.sqrt((a * b) / (total * total * (total + 1)))
}

/** Samples one candidate by a softmax over the upper bounds; undefined without candidates. `random` is from 0 to below 1. */
export function sampleCandidate<T extends ImpressionStats>(candidates: readonly T[], random: number): Sample<T> | undefined {
  const scores = candidates.map(upperBoundScore)
  const best = Math.max(...scores)
  const weights = scores.map(score => Math.exp((score - best) / TEMPERATURE))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let left = random * total
  for (const [i, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return { chosen: candidates[i] as T, propensity: weight / total }
  }
  return undefined
}

interface ExplorationNeeds {
  catalogue: Catalogue
  random: () => number
  /** Of the pages on which a candidate is put. */
  share: number
}

/** Puts a sampled candidate at the fifth place in exchange for the last article. Candidates already on the page are skipped. */
export function insertExploration(
  page: RankedArticle[],
  candidates: RankedArticle[],
  { catalogue, random, share }: ExplorationNeeds,
): RankedArticle[] {
  if (page.length < PAGE_LENGTH_MIN || share === 0) return page
  const open = candidates.filter(candidate => !page.includes(candidate))
  if (open.length === 0) return page
  // The place might have gone to a new article: that of the ranked one is as probable as that it did not.
  if (share < 1 && random() >= share)
    return page.map((article, place) => (place === EXPLORE_POSITION ? { ...article, propensity: 1 - share } : article))
  const sample = sampleCandidate(
    open.map(article => {
      const { shown, clicks } = catalogue.impressionStatsOf(article.facts)
      return { article, shown, clicks }
    }),
    random(),
  )
  if (!sample) return page
  const explored = { ...sample.chosen.article, from: ['explore'], propensity: share * sample.propensity }
  return [...page.slice(0, EXPLORE_POSITION), explored, ...page.slice(EXPLORE_POSITION, -1)]
}
