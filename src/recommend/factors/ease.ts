// EASE (Steck 2019): a linear autoencoder in closed form. Of the Gram matrix of the items, with `regularisation` added on its
// diagonal, the inverse says how each item predicts each other.

import { choleskyInvert } from './cholesky.ts'

/** `likes`: of each user, the items. Returns `items` numbers for each item: how much it predicts each other. */
export function fitEase(likes: readonly ArrayLike<number>[], items: number, regularisation: number): Float32Array {
  const inverse = new Float64Array(items * items) // first the Gram matrix
  for (const liked of likes)
    for (let a = 0; a < liked.length; a++) {
      const row = (liked[a] as number) * items
      for (let b = 0; b < liked.length; b++) inverse[row + (liked[b] as number)] = (inverse[row + (liked[b] as number)] as number) + 1
    }
  for (let i = 0; i < items; i++) inverse[i * items + i] = (inverse[i * items + i] as number) + regularisation
  choleskyInvert(inverse, items)
  const weights = new Float32Array(items * items)
  // An item does not predict itself.
  for (let i = 0; i < items; i++)
    for (let j = 0; j < items; j++)
      if (i !== j) weights[i * items + j] = -(inverse[i * items + j] as number) / (inverse[j * items + j] as number)
  return weights
}
