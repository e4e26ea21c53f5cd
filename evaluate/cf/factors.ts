// iALS, as the feed has it. A user's vector is that of a user who was not fitted: with the items fixed it is the same.

import { createFoldIn, fitIals, type IalsOptions } from '../../src/recommend/factors/ials.ts'
import type { Likes } from './data.ts'
import type { ScoreItems } from './item-knn.ts'

const EPOCHS = 16 // as published

export function fitFactors(
  likes: Likes,
  items: number,
  options: Pick<IalsOptions, 'width' | 'regularisation' | 'unknownWeight'>,
): ScoreItems {
  const { items: vectors, width } = fitIals(likes, items, { ...options, epochs: EPOCHS })
  const foldIn = createFoldIn(vectors, options)
  return liked => {
    const user = foldIn(liked)
    const scores = new Float64Array(items)
    for (let item = 0; item < items; item++) {
      let sum = 0
      for (let k = 0; k < width; k++) sum += (user[k] as number) * (vectors[item * width + k] as number)
      scores[item] = sum
    }
    return scores
  }
}
