// Of each article, those that the same readers read: they are shown below it, to every viewer.

import type { ArticleId } from '../../base/id.ts'
import { createNearest } from '../factors/nearest.ts'
import { type ArticleFactors, FACTOR_OPTIONS } from '../factors/reading-model.ts'

/** Twice as many as are shown: some are withdrawn, or the reader has put them away. */
const RELATED_MAX = 10
/** The most read; of a hundred thousand each takes 1.5 ms. */
const ARTICLES_MAX = 20_000

/** The most related first. */
export function* relatedBy(factors: ArticleFactors): Generator<{ id: ArticleId; related: ArticleId[] }> {
  const { ids } = factors
  const neighbours = factors.kind === 'ease' ? neighboursByEase(factors.weights, ids.length) : neighboursByCosine(factors.vectors)
  for (const [index, id] of ids.slice(0, ARTICLES_MAX).entries()) {
    const related = neighbours(index).map(other => ids[other] as ArticleId)
    if (related.length > 0) yield { id, related }
  }
}

function neighboursByCosine(vectors: Float32Array): (index: number) => number[] {
  const { width } = FACTOR_OPTIONS
  const unit = vectors.slice()
  for (let from = 0; from < unit.length; from += width) {
    const own = unit.subarray(from, from + width)
    const length = Math.hypot(...own)
    if (length > 0) own.forEach((value, k) => void (own[k] = value / length))
  }
  const nearest = createNearest(unit, width)
  return index =>
    nearest
      .top(unit.subarray(index * width, (index + 1) * width), RELATED_MAX, other => other !== index)
      .flatMap(({ index: other, score }) => (score > 0 ? other : []))
}

function neighboursByEase(weights: Float32Array, count: number): (index: number) => number[] {
  return index => {
    const own = weights.subarray(index * count, (index + 1) * count)
    const others = Array.from(own.keys()).filter(other => (own[other] as number) > 0)
    return others.toSorted((a, b) => (own[b] as number) - (own[a] as number) || a - b).slice(0, RELATED_MAX)
  }
}
