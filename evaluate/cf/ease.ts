import { fitEase } from '../../src/recommend/factors/ease.ts'
import type { Likes, Split } from './data.ts'
import type { ScoreItems } from './item-knn.ts'

/** Chosen on the items before the last of C1, as is the regularisation: five later likes halve what a like says, down to a tenth. */
const [HALF_AFTER, LEAST] = [5, 0.1]

const weightOf = (later: number) => LEAST + (1 - LEAST) * 2 ** (-later / HALF_AFTER)

export function scoreByEase(likes: Likes, items: number, regularisation: number): ScoreItems {
  const weights = fitEase(likes, items, regularisation)
  return liked => sumOfRows(weights, items, liked, () => 1)
}

/** The same, by what a user liked of late. */
export function scoreByRecentEase({ fit, newestFirst, items }: Split, regularisation: number): ScoreItems {
  const weights = fitEase(fit, items, regularisation)
  return (_, user) => sumOfRows(weights, items, newestFirst?.[user] ?? [], weightOf)
}

function sumOfRows(weights: Float32Array, items: number, liked: readonly number[], weigh: (place: number) => number): Float64Array {
  const scores = new Float64Array(items)
  for (const [place, item] of liked.entries()) {
    const weight = weigh(place)
    for (let j = 0; j < items; j++) scores[j] = (scores[j] as number) + weight * (weights[item * items + j] as number)
  }
  return scores
}
