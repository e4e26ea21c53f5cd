// What readers read who read the same, by one of two models: vectors of articles, or how much each article predicts each other.

import type { ArticleId } from '../../base/id.ts'
import { createFoldIn, type Gram, type IalsOptions } from './ials.ts'
import { createNearest, type Scored } from './nearest.ts'

/** As published for C1 (docs/evaluation.md), with fewer epochs: a night goes on from the one before. */
export const FACTOR_OPTIONS: IalsOptions = { width: 32, unknownWeight: 0.3, regularisation: 0.003, epochs: 10 }

export interface IalsFactors {
  kind: 'ials'
  ids: readonly ArticleId[]
  /** FACTOR_OPTIONS.width numbers for each. */
  vectors: Float32Array
  items: Gram
  users: Gram
}

export interface EaseFactors {
  kind: 'ease'
  ids: readonly ArticleId[]
  /** As many numbers for each as there are articles. */
  weights: Float32Array
}

export type ArticleFactors = IalsFactors | EaseFactors

/** Articles are given by index, and of a viewer only those that have factors. */
export interface ReadingModel {
  /** What a reader with these clicks would read, the best first; only what is better than nothing. */
  top(clicked: readonly number[], limit: number, isWanted: (index: number) => boolean): Scored[]
  /** Undefined if the model has no vectors. */
  foldIn?: (clicked: readonly number[]) => Float32Array
}

export const createReadingModel = (factors: ArticleFactors): ReadingModel =>
  factors.kind === 'ease' ? createEaseModel(factors) : createIalsModel(factors)

function createIalsModel({ vectors, items }: IalsFactors): ReadingModel {
  const nearest = createNearest(vectors, FACTOR_OPTIONS.width)
  const foldIn = createFoldIn(vectors, FACTOR_OPTIONS, items)
  return {
    foldIn,
    top: (clicked, limit, isWanted) => nearest.top(foldIn(clicked), limit, isWanted).filter(({ score }) => score > 0),
  }
}

function createEaseModel({ weights, ids: { length } }: EaseFactors): ReadingModel {
  const scores = new Float64Array(length)
  return {
    top(clicked, limit, isWanted) {
      scores.fill(0)
      for (const index of clicked)
        for (let j = 0; j < length; j++) scores[j] = (scores[j] as number) + (weights[index * length + j] as number)
      const found: Scored[] = []
      for (const [index, score] of scores.entries()) if (score > 0 && isWanted(index)) found.push({ index, score })
      return found.toSorted((a, b) => b.score - a.score || a.index - b.index).slice(0, limit)
    },
  }
}
