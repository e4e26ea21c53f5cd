// Item-to-item similarity from clicks that follow one another (Linden et al. 2003, over a sliding window). In memory and
// bounded; rebuilt from the behaviours at start.

import { LRUCache } from 'lru-cache'
import { DAY } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'

export interface Covisits {
  /** Records a click. Clicks come in order of time. */
  recordClick(viewerKey: string, id: ArticleId, at: number): void
  /** The articles covisited with `recentIds` (the newest first), best first, each with its similarity from 0 to 1. */
  relatedTo(recentIds: readonly ArticleId[], limit: number): Map<ArticleId, number>
}

const TRAIL_LENGTH = 10 // the previous clicks of a viewer that a new one is paired with: about one sitting
const TRAIL_MS = DAY
const VIEWERS_MAX = 50_000 // trails; some 10 MB
const ARTICLES_MAX = 50_000 // articles with neighbours; some 100 MB if all were full
const NEIGHBOURS_MAX = 50
const AGE_FACTOR = 0.85 // each older click counts for that much less
// Two readers in common make a pair. Similarities from fewer readers than this are mostly chance and are shrunk.
const PRIOR_READERS = 3

export function createCovisits(): Covisits {
  const trails = new LRUCache<string, { id: ArticleId; at: number }[]>(entriesMax(VIEWERS_MAX))
  const pairCounts = new LRUCache<ArticleId, Map<ArticleId, number>>(entriesMax(ARTICLES_MAX))
  const readerCounts = new LRUCache<ArticleId, number>(entriesMax(ARTICLES_MAX * 2))

  function countPair(a: ArticleId, b: ArticleId): void {
    let neighbours = pairCounts.get(a)
    if (!neighbours) pairCounts.set(a, (neighbours = new Map()))
    const count = neighbours.get(b)
    if (count === undefined && neighbours.size >= NEIGHBOURS_MAX) return replaceWeakest(neighbours, b)
    neighbours.set(b, (count ?? 0) + 1)
  }

  return {
    recordClick(viewerKey, id, at) {
      const trail = trails.get(viewerKey) ?? []
      if (trail.some(click => click.id === id)) return
      readerCounts.set(id, (readerCounts.get(id) ?? 0) + 1)
      for (const click of trail) {
        if (at - click.at > TRAIL_MS) continue
        countPair(id, click.id)
        countPair(click.id, id)
      }
      trails.set(viewerKey, [...trail.slice(1 - TRAIL_LENGTH), { id, at }])
    },

    relatedTo(recentIds, limit) {
      const similarities = new Map<ArticleId, number>()
      for (const [i, id] of recentIds.entries()) {
        const readers = readerCounts.get(id) ?? 1
        for (const [other, together] of pairCounts.get(id) ?? []) {
          // Cosine of the two sets of readers, shrunk while they are small.
          const similarity = together / Math.sqrt((readers + PRIOR_READERS) * ((readerCounts.get(other) ?? 1) + PRIOR_READERS))
          similarities.set(other, (similarities.get(other) ?? 0) + similarity * AGE_FACTOR ** i)
        }
      }
      for (const id of recentIds) similarities.delete(id)
      const best = [...similarities].toSorted(([a, x], [b, y]) => y - x || (a < b ? 1 : -1)).slice(0, limit)
      return new Map(best.map(([id, similarity]) => [id, Math.min(1, similarity)]))
    },
  }
}

/** Space-saving (Metwally et al. 2005): the new neighbour takes over the count of the weakest. Frequent neighbours stay. */
function replaceWeakest(neighbours: Map<ArticleId, number>, id: ArticleId): void {
  let weakest: [ArticleId, number] | undefined
  for (const entry of neighbours) if (!weakest || entry[1] < weakest[1]) weakest = entry
  if (weakest) neighbours.delete(weakest[0])
  neighbours.set(id, (weakest?.[1] ?? 0) + 1)
}
