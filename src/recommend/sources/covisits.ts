// Which articles are read by the same people: item-to-item, from clicks that follow one another (Linden et al. 2003, over
// a window instead of a lifetime). A hint in memory, rebuilt from the behaviours; everything in it is bounded.

import { LRUCache } from 'lru-cache'
import { DAY } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'

export interface Covisits {
  /** A viewer opened an article at a moment. Clicks come in order of time. */
  note(viewer: string, id: ArticleId, at: number): void
  /** What goes with these, the most recent first; the best first, each with how well, from 0 to 1. */
  near(recent: readonly ArticleId[], most: number): Map<ArticleId, number>
}

const TRAIL = 10 // the clicks of a viewer that a new one is paired with: about one sitting
const TRAIL_MS = DAY
const VIEWERS_MAX = 50_000 // trails; some 10 MB
const ARTICLES_MAX = 50_000 // articles with neighbours; some 100 MB if all were full
const NEIGHBOURS_MAX = 50
const FADE = 0.85 // each older click says that much less about what to read next
// Two who read both make a pair; fewer shared readers than this are mostly chance, so they count for less.
const PRIOR = 3

export function createCovisits(): Covisits {
  const trails = new LRUCache<string, { id: ArticleId; at: number }[]>({ max: VIEWERS_MAX })
  const pairs = new LRUCache<ArticleId, Map<ArticleId, number>>({ max: ARTICLES_MAX })
  const reads = new LRUCache<ArticleId, number>({ max: ARTICLES_MAX * 2 })

  function pair(a: ArticleId, b: ArticleId): void {
    let neighbours = pairs.get(a)
    if (!neighbours) pairs.set(a, (neighbours = new Map()))
    const known = neighbours.get(b)
    if (known === undefined && neighbours.size >= NEIGHBOURS_MAX) {
      // The weakest makes room, and the new one takes its count over (space-saving, Metwally et al. 2005): what comes up
      // again and again gets in, what came once does not stay.
      let weakest: [ArticleId, number] | undefined
      for (const entry of neighbours) if (!weakest || entry[1] < weakest[1]) weakest = entry
      if (weakest) neighbours.delete(weakest[0])
      neighbours.set(b, (weakest?.[1] ?? 0) + 1)
      return
    }
    neighbours.set(b, (known ?? 0) + 1)
  }

  return {
    note(viewer, id, at) {
      const trail = trails.get(viewer) ?? []
      if (trail.some(click => click.id === id)) return
      reads.set(id, (reads.get(id) ?? 0) + 1)
      for (const click of trail) {
        if (at - click.at > TRAIL_MS) continue
        pair(id, click.id)
        pair(click.id, id)
      }
      trails.set(viewer, [...trail.slice(1 - TRAIL), { id, at }])
    },

    near(recent, most) {
      const found = new Map<ArticleId, number>()
      for (const [i, id] of recent.entries()) {
        const own = reads.get(id) ?? 1
        for (const [other, together] of pairs.get(id) ?? []) {
          // Cosine of the two sets of readers, held back while they are small.
          const likeness = together / Math.sqrt((own + PRIOR) * ((reads.get(other) ?? 1) + PRIOR))
          found.set(other, (found.get(other) ?? 0) + likeness * FADE ** i)
        }
      }
      for (const id of recent) found.delete(id)
      const best = [...found].toSorted(([a, x], [b, y]) => y - x || (a < b ? 1 : -1)).slice(0, most)
      return new Map(best.map(([id, likeness]) => [id, Math.min(1, likeness)]))
    },
  }
}
