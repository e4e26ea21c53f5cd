// A viewer has one weight for an article and day: that of the strongest action. A second action adds only what it weighs more. What
// speaks against the article is apart.
// What was loaded from the rows is remembered too, so that a restart adds nothing a second time.

import { LRUCache } from 'lru-cache'
import { DAY } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'

/** Some 30 MB. */
export const REMEMBERED_MAX = 200_000

/** As a snapshot has them, the oldest first; one key a line, because a device id has no spaces. */
export interface SavedDailyWeights {
  keys: string
  weights: Float64Array
}

export function createDailyWeights(saved?: SavedDailyWeights) {
  const weights = new LRUCache<string, number>(entriesMax(REMEMBERED_MAX))
  if (saved && saved.weights.length > 0)
    for (const [i, key] of saved.keys.split('\n').entries()) weights.set(key, saved.weights[i] as number)

  return {
    /** What an action adds to the viewer's weight of that day. */
    increase(viewer: string, id: ArticleId, at: number, weight: number): number {
      const key = `${Math.floor(at / DAY)} ${id} ${viewer}${weight < 0 ? ' -' : ''}`
      const before = weights.get(key) ?? 0
      if (Math.abs(weight) <= Math.abs(before)) return 0
      weights.set(key, weight)
      return weight - before
    },
    save: (): SavedDailyWeights => ({ keys: [...weights.rkeys()].join('\n'), weights: Float64Array.from(weights.rvalues()) }),
  }
}
