// How much was done with each article, for trending. Readers, and devices that have been here for a while, count for themselves.
// All others together are a share of an article's weight at most: a client that invents a thousand devices adds no more than one.

import type { Clock } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import { createTrendingScores, type SavedScores } from './trending-scores.ts'

/** As a snapshot has them. */
export interface SavedWeights {
  known: SavedScores
  strangers: SavedScores
}

/** What strangers weigh together, of the whole weight of an article: it moves an article by two or three places, and breaks ties. */
export const STRANGERS_SHARE_MAX = 0.1
/** The same in proportion to those who are known. */
const STRANGERS_PER_KNOWN = STRANGERS_SHARE_MAX / (1 - STRANGERS_SHARE_MAX)

export function createArticleWeights(needs: { clock: Clock; isKept: (id: ArticleId) => boolean; onRebase: () => void }) {
  const known = createTrendingScores(needs)
  const strangers = createTrendingScores({ ...needs, onRebase() {} })
  return {
    add(id: ArticleId, weight: number, at: number, isKnown: boolean): void {
      const scores = isKnown ? known : strangers
      scores.add(id, weight, at)
    },
    /** The weight at a moment. */
    at(id: ArticleId, moment: number): number {
      const sum = known.at(id, moment)
      const most = STRANGERS_PER_KNOWN * Math.abs(sum)
      return sum + Math.max(-most, Math.min(strangers.at(id, moment), most))
    },
    /** Of articles that known viewers did something with: strangers alone weigh nothing. */
    ids: known.ids,
    clear(): void {
      known.clear()
      strangers.clear()
    },
    save: (): SavedWeights => ({ known: known.save(), strangers: strangers.save() }),
    restore(saved: SavedWeights): void {
      known.restore(saved.known)
      strangers.restore(saved.strangers)
    },
  }
}
