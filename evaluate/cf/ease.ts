import { fitEase } from '../../src/recommend/factors/ease.ts'
import type { Likes } from './data.ts'
import type { ScoreItems } from './item-knn.ts'

export function scoreByEase(likes: Likes, items: number, regularisation: number): ScoreItems {
  const weights = fitEase(likes, items, regularisation)
  return liked => {
    const scores = new Float64Array(items)
    for (const item of liked) for (let j = 0; j < items; j++) scores[j] = (scores[j] as number) + (weights[item * items + j] as number)
    return scores
  }
}
