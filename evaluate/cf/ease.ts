// EASE (Steck 2019): a linear autoencoder in closed form. Of the Gram matrix of the items, with `regularisation` added on its
// diagonal, the inverse says how each item predicts each other.

import type { Likes } from './data.ts'
import type { ScoreItems } from './item-knn.ts'

export function fitEase(likes: Likes, items: number, regularisation: number): ScoreItems {
  const gram = Array.from({ length: items }, () => new Float64Array(items))
  for (const liked of likes)
    for (const a of liked) {
      const row = gram[a] as Float64Array
      for (const b of liked) row[b] = (row[b] as number) + 1
    }
  for (const [i, row] of gram.entries()) row[i] = (row[i] as number) + regularisation
  const inverse = invert(gram)
  const diagonal = Float64Array.from(inverse, (row, i) => row[i] as number)
  for (const [i, row] of inverse.entries()) row[i] = 0 // an item does not predict itself
  return liked => {
    const scores = new Float64Array(items)
    for (const item of liked) {
      const row = inverse[item] as Float64Array
      for (let j = 0; j < items; j++) scores[j] = (scores[j] as number) - (row[j] as number)
    }
    return scores.map((score, j) => score / (diagonal[j] as number))
  }
}

/** Inverts a symmetric positive definite matrix by its Cholesky factor. Overwrites it. */
function invert(matrix: Float64Array[]): Float64Array[] {
  const size = matrix.length
  // L in the lower triangle.
  for (let i = 0; i < size; i++) {
    const row = matrix[i] as Float64Array
    for (let j = 0; j <= i; j++) {
      const other = matrix[j] as Float64Array
      let sum = row[j] as number
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (other[k] as number)
      row[j] = i === j ? Math.sqrt(sum) : sum / (other[j] as number)
    }
  }
  // The inverse of L, transposed: row j holds column j.
  const columns = Array.from({ length: size }, (_, j) => {
    const column = new Float64Array(size)
    column[j] = 1 / (matrix[j]?.[j] as number)
    for (let i = j + 1; i < size; i++) {
      const row = matrix[i] as Float64Array
      let sum = 0
      for (let k = j; k < i; k++) sum -= (row[k] as number) * (column[k] as number)
      column[i] = sum / (row[i] as number)
    }
    return column
  })
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      const [a, b] = [columns[i] as Float64Array, columns[j] as Float64Array]
      let sum = 0
      for (let k = i; k < size; k++) sum += (a[k] as number) * (b[k] as number)
      ;(matrix[i] as Float64Array)[j] = sum
      ;(matrix[j] as Float64Array)[i] = sum
    }
  return matrix
}
