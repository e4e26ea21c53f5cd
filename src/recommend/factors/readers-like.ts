// What readers like this one read: factors of articles, as they were trained last, and a viewer's vector from their newest clicks. So
// a device, or a session of some clicks, has one too.

import type { ArticleId } from '../../base/id.ts'
import { createFoldIn, type IalsOptions } from './ials.ts'
import { createNearest } from './nearest.ts'

/** As published for C1 (docs/evaluation.md), with fewer epochs: a night goes on from the one before. */
export const FACTOR_OPTIONS: IalsOptions = { width: 32, unknownWeight: 0.3, regularisation: 0.003, epochs: 10 }

export interface ArticleFactors {
  ids: readonly ArticleId[]
  /** FACTOR_OPTIONS.width numbers for each. */
  vectors: Float32Array
}

export interface ReadersLike {
  use(factors: ArticleFactors | undefined): void
  /** What readers with these clicks would read, the best first. */
  next(clickedIds: readonly ArticleId[], limit: number, isWanted: (id: ArticleId) => boolean): ArticleId[]
  size(): number
}

export function createReadersLike(): ReadersLike {
  let known = prepare({ ids: [], vectors: new Float32Array(0) })
  return {
    use(factors = { ids: [], vectors: new Float32Array(0) }) {
      known = prepare(factors)
    },
    next(clickedIds, limit, isWanted) {
      const { ids, indices, nearest, foldIn } = known
      const clicked = clickedIds.flatMap(id => indices.get(id) ?? [])
      if (clicked.length === 0) return []
      const excluded = new Set(clicked)
      const found = nearest.top(foldIn(clicked), limit, index => !excluded.has(index) && isWanted(ids[index] as ArticleId))
      return found.flatMap(({ index, score }) => (score > 0 ? (ids[index] as ArticleId) : []))
    },
    size: () => known.ids.length,
  }
}

function prepare({ ids, vectors }: ArticleFactors) {
  const { width } = FACTOR_OPTIONS
  return {
    ids,
    indices: new Map(ids.map((id, index) => [id, index])),
    nearest: createNearest(vectors, width),
    foldIn: createFoldIn(vectors, FACTOR_OPTIONS),
  }
}
