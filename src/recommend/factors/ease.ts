// EASE (Steck 2019): a linear autoencoder in closed form. Of the Gram matrix of the items, with `regularisation` added on its
// diagonal, the inverse says how each item predicts each other.

/** `likes`: of each user, the items. Returns `items` numbers for each item: how much it predicts each other. */
export function fitEase(likes: readonly ArrayLike<number>[], items: number, regularisation: number): Float32Array {
  const gram = Array.from({ length: items }, () => new Float64Array(items))
  for (const liked of likes)
    for (let a = 0; a < liked.length; a++) {
      const row = gram[liked[a] as number] as Float64Array
      for (let b = 0; b < liked.length; b++) row[liked[b] as number] = (row[liked[b] as number] as number) + 1
    }
  for (const [i, row] of gram.entries()) row[i] = (row[i] as number) + regularisation
  const inverse = invert(gram)
  const weights = new Float32Array(items * items)
  // An item does not predict itself.
  for (let i = 0; i < items; i++)
    for (let j = 0; j < items; j++) if (i !== j) weights[i * items + j] = -(inverse[i]?.[j] as number) / (inverse[j]?.[j] as number)
  return weights
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
