// Factors of readers: a decomposition of who read what, refitted now and then. An article's factors are the decayed mean of its
// readers', so a new article has some after its first click.

import { decomposing, FACTORS } from './decomposition.ts'
import { excessClicks } from './excess-clicks.ts'
import { createGrowable, type GrowableNumbers } from './growable.ts'
import type { ReadersOf } from './readers-of.ts'
import { type Renumberings, renumberGrowable, renumberNumbers } from './renumbering.ts'

const HALF_LIFE_S = 24 * 3600
const PRIOR_CLICKS = 1 // an article with one reader is half that reader
// Steps of an article's taste, and what each impression takes from it; as strengths.ts learns.
const [STEP, DECAY] = [0.3, 0.005]

export interface ReaderFactors {
  /** Computes the factors anew, in slices of some milliseconds. Until the end, the old ones hold; nothing may be learned meanwhile. */
  refitting(random: () => number): Generator<void>
  click(viewer: number, article: number, at: number): void
  /** How well the article's readers match the viewer, from -1 to 1; 0 if it is not known. */
  match(viewer: number, article: number): number
  /** Learns which readers click an article more than what it was shown beside. `base`: the strengths of the articles. */
  learn(viewer: number, articles: Int32Array, clicked: Uint8Array, base: (article: number) => number, attention?: readonly number[]): void
  /** How much more than others the viewer is expected to click the article. */
  taste(viewer: number, article: number): number
  renumber(renumberings: Renumberings): void
  data: { factors: Float64Array; means: GrowableNumbers; weights: GrowableNumbers; times: GrowableNumbers; tastes: GrowableNumbers }
}

export function createReaderFactors(readers: ReadersOf): ReaderFactors {
  const means = createGrowable(FACTORS)
  const weights = createGrowable()
  const times = createGrowable()
  const tastes = createGrowable(FACTORS)

  const data: ReaderFactors['data'] = { factors: new Float64Array(0), means, weights, times, tastes }

  const isKnown = (viewer: number) => (viewer + 1) * FACTORS <= data.factors.length

  function productOf(viewer: number, article: number, values: Float64Array): number {
    let product = 0
    for (let f = 0; f < FACTORS; f++) product += (data.factors[viewer * FACTORS + f] as number) * (values[article * FACTORS + f] ?? 0)
    return product
  }

  function click(viewer: number, article: number, at: number): void {
    if (!isKnown(viewer)) return
    means.reach(article)
    weights.reach(article)
    times.reach(article)
    const kept = 2 ** (-Math.max(0, at - (times.values[article] as number)) / HALF_LIFE_S)
    for (let f = 0; f < FACTORS; f++) {
      const place = article * FACTORS + f
      means.values[place] = (means.values[place] as number) * kept + (data.factors[viewer * FACTORS + f] as number)
    }
    weights.values[article] = (weights.values[article] as number) * kept + 1
    times.values[article] = at
  }

  return {
    click,
    *refitting(random) {
      data.factors = yield* decomposing(readers, random, data.factors)
      // New factors are other directions: what the articles have is counted again.
      for (const counts of [means, weights, times]) counts.values.fill(0)
      for (const [article, known] of readers.articles()) {
        const count = Math.min(known.count, known.viewers.length)
        const oldest = known.count % known.viewers.length
        for (let i = 0; i < count; i++) {
          const place = count < known.viewers.length ? i : (oldest + i) % count
          click(known.viewers[place] as number, article, known.at[place] as number)
        }
      }
    },
    match(viewer, article) {
      const weight = weights.values[article] ?? 0
      return weight === 0 || !isKnown(viewer) ? 0 : productOf(viewer, article, means.values) / (weight + PRIOR_CLICKS)
    },
    learn(viewer, articles, clicked, base, attention) {
      if (!isKnown(viewer)) return
      const excess = excessClicks(articles, clicked, article => base(article) + productOf(viewer, article, tastes.values), attention)
      if (!excess) return
      for (const [i, article] of articles.entries()) {
        tastes.reach(article)
        for (let f = 0; f < FACTORS; f++) {
          const place = article * FACTORS + f
          const kept = (tastes.values[place] as number) * (1 - DECAY)
          tastes.values[place] = kept + STEP * (excess[i] as number) * (data.factors[viewer * FACTORS + f] as number)
        }
      }
    },
    taste: (viewer, article) => (isKnown(viewer) ? productOf(viewer, article, tastes.values) : 0),
    renumber({ articles, viewers }) {
      const known = viewers.subarray(0, data.factors.length / FACTORS)
      data.factors = renumberNumbers(data.factors, known, FACTORS).slice(0, known.filter(index => index >= 0).length * FACTORS)
      for (const numbers of [means, tastes]) renumberGrowable(numbers, articles, FACTORS)
      for (const numbers of [weights, times]) renumberGrowable(numbers, articles)
    },
    data,
  }
}
