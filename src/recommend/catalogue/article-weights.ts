// How much was done with each article, for trending: sums of weights that halve every half-life. Readers, and devices that have been
// here for a while, count for themselves. All others together are a share of an article's weight at most: a client that invents a
// thousand devices adds no more than one.
//
// Forward decay (Cormode et al. 2009): sums are kept as of one fixed moment, so passing time changes no order and touches no entry.

import { type Clock, HOUR } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'

interface Needs {
  clock: Clock
  /** Weights of articles for which this is false are dropped on a rebase. */
  isKept: (id: ArticleId) => boolean
  onRebase: () => void
}

/** Of one article, as of the fixed moment. An object, so that an article refers to it without a look-up. */
export interface Weights {
  known: number
  strangers: number
}

interface SavedScores {
  baseAt: number
  ids: BigInt64Array
  sums: Float64Array
}

/** As a snapshot has them. */
export interface SavedWeights {
  known: SavedScores
  strangers: SavedScores
}

/** What strangers weigh together, of the whole weight of an article: it moves an article by two or three places, and breaks ties. */
export const STRANGERS_SHARE_MAX = 0.1
/** The same in proportion to those who are known. */
const STRANGERS_PER_KNOWN = STRANGERS_SHARE_MAX / (1 - STRANGERS_SHARE_MAX)
// A click twelve hours ago says half as much about today as one now.
const HALF_LIFE_MS = 12 * HOUR
// Kept sums double every half-life: the moment is moved before they leave the range of a double.
const REBASE_AFTER_HALF_LIVES = 64

export function createArticleWeights({ clock, isKept, onRebase }: Needs) {
  const weights = new Map<ArticleId, Weights>()
  let baseAt = clock()

  function rebase(now: number): void {
    const scale = scaleAt(now)
    for (const [id, sums] of weights)
      if (isKept(id)) {
        sums.known *= scale
        sums.strangers *= scale
      } else weights.delete(id)
    onRebase()
    baseAt = now
  }

  function addTo(id: ArticleId, kind: keyof Weights, weight: number): Weights {
    let sums = weights.get(id)
    if (!sums) weights.set(id, (sums = { known: 0, strangers: 0 }))
    sums[kind] += weight
    return sums
  }

  /** What is left at a moment of a weight as of the fixed one. */
  const scaleAt = (moment: number): number => 2 ** ((baseAt - moment) / HALF_LIFE_MS)

  /** The weight of any article at this moment. */
  function weigherAt(moment: number): (sums: Weights | undefined) => number {
    const scale = scaleAt(moment)
    return sums => {
      if (!sums) return 0
      const known = sums.known * scale
      const most = STRANGERS_PER_KNOWN * Math.abs(known)
      return known + Math.max(-most, Math.min(sums.strangers * scale, most))
    }
  }

  function saveOf(kind: keyof Weights): SavedScores {
    const those = [...weights].filter(([, sums]) => sums[kind] !== 0)
    return { baseAt, ids: BigInt64Array.from(those, ([id]) => id), sums: Float64Array.from(those, ([, sums]) => sums[kind]) }
  }

  function clear(): void {
    for (const sums of weights.values()) Object.assign(sums, { known: 0, strangers: 0 })
    weights.clear()
  }

  return {
    add(id: ArticleId, weight: number, at: number, isKnown: boolean): Weights {
      if (at - baseAt > REBASE_AFTER_HALF_LIVES * HALF_LIFE_MS) rebase(at)
      return addTo(id, isKnown ? 'known' : 'strangers', weight * 2 ** ((at - baseAt) / HALF_LIFE_MS))
    },
    find: (id: ArticleId): Weights | undefined => weights.get(id),
    weigherAt,
    at: (id: ArticleId, moment: number): number => weigherAt(moment)(weights.get(id)),
    /** Of articles that known viewers did something with: strangers alone weigh nothing. */
    *ids(): Generator<ArticleId> {
      for (const [id, { known }] of weights) if (known !== 0) yield id
    },
    clear,
    save: (): SavedWeights => ({ known: saveOf('known'), strangers: saveOf('strangers') }),
    /** Instead of all that was added. */
    restore(saved: SavedWeights): void {
      clear()
      baseAt = saved.known.baseAt
      for (const kind of ['known', 'strangers'] as const) {
        const { ids, sums, baseAt: savedAt } = saved[kind]
        const scale = scaleAt(savedAt) ** -1
        for (const [i, id] of ids.entries()) addTo(id as ArticleId, kind, (sums[i] as number) * scale)
      }
    },
  }
}
