// Trending scores: sums of weights that halve every half-life. Forward decay (Cormode et al. 2009): sums are kept as of one
// fixed moment, so passing time changes no order and touches no entry.

import { type Clock, HOUR } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'

interface Needs {
  clock: Clock
  /** Scores of articles for which this is false are dropped on a rebase. */
  isKept: (id: ArticleId) => boolean
  onRebase: () => void
}

// A click twelve hours ago says half as much about today as one now.
const HALF_LIFE_MS = 12 * HOUR
// Kept sums double every half-life: the moment is moved before they leave the range of a double.
const REBASE_AFTER_HALF_LIVES = 64

/** As a snapshot has them. */
export interface SavedScores {
  baseAt: number
  ids: BigInt64Array
  sums: Float64Array
}

export function createTrendingScores({ clock, isKept, onRebase }: Needs) {
  const sums = new Map<ArticleId, number>()
  let baseAt = clock()

  function rebase(now: number): void {
    const scale = 2 ** (-(now - baseAt) / HALF_LIFE_MS)
    for (const [id, sum] of sums)
      if (isKept(id)) sums.set(id, sum * scale)
      else sums.delete(id)
    onRebase()
    baseAt = now
  }

  return {
    add(id: ArticleId, weight: number, at: number): void {
      if (at - baseAt > REBASE_AFTER_HALF_LIVES * HALF_LIFE_MS) rebase(at)
      sums.set(id, (sums.get(id) ?? 0) + weight * 2 ** ((at - baseAt) / HALF_LIFE_MS))
    },
    ids: () => sums.keys(),
    clear: () => sums.clear(),
    save: (): SavedScores => ({ baseAt, ids: BigInt64Array.from(sums.keys()), sums: Float64Array.from(sums.values()) }),
    /** Instead of all that was added. */
    restore(saved: SavedScores): void {
      baseAt = saved.baseAt
      sums.clear()
      for (const [i, id] of saved.ids.entries()) sums.set(id as ArticleId, saved.sums[i] as number)
    },
    /** The score at a moment; 0 without weight. */
    at: (id: ArticleId, moment: number): number => (sums.get(id) ?? 0) * 2 ** ((baseAt - moment) / HALF_LIFE_MS),
  }
}
