// How well an article's category and title fit what the reader has read.

import type { TitleVector, TitleVectors } from './title-vectors.ts'

export interface Described {
  category: string
  vector: TitleVector
}

const [HISTORY_MAX, PRIOR_CLICKS, CATEGORIES] = [50, 5, 17]

export function createContentSignals(vectors: TitleVectors) {
  const read = new Map<string, number>()
  let total = 0
  return {
    /** Counts the categories that readers have in their histories. */
    addHistory(categories: Iterable<string>): void {
      for (const category of categories) {
        read.set(category, (read.get(category) ?? 0) + 1)
        total++
      }
    },
    scores(history: readonly Described[], candidates: readonly Described[]): Record<string, Float32Array> {
      const recent = history.slice(-HISTORY_MAX)
      const count = recent.length
      const own = new Map<string, number>()
      for (const { category } of recent) own.set(category, (own.get(category) ?? 0) + 1)
      const similarity = vectors.similarityToMean(recent.map(({ vector }) => vector))
      const lift = (category: string) => {
        const share = ((read.get(category) ?? 0) + 1) / (total + CATEGORIES)
        return Math.log(((own.get(category) ?? 0) + PRIOR_CLICKS * share) / (count + PRIOR_CLICKS) / share)
      }
      return {
        category_share: Float32Array.from(candidates, ({ category }) => (own.get(category) ?? 0) / Math.max(count, 1)),
        category_lift: Float32Array.from(candidates, ({ category }) => lift(category)),
        tfidf_mean: Float32Array.from(candidates, ({ vector }) => similarity(vector)),
      }
    },
  }
}
