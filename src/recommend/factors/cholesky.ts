/** Solves a symmetric positive definite system by its Cholesky factor. `matrix`: the lower triangle; both are overwritten, `target` by the solution. */
export function choleskySolve(matrix: Float64Array, target: Float64Array, width: number): void {
  for (let i = 0; i < width; i++) {
    const row = i * width
    for (let j = 0; j <= i; j++) {
      const other = j * width
      let sum = matrix[row + j] as number
      for (let k = 0; k < j; k++) sum -= (matrix[row + k] as number) * (matrix[other + k] as number)
      matrix[row + j] = i === j ? Math.sqrt(sum) : sum / (matrix[other + j] as number)
    }
  }
  for (let i = 0; i < width; i++) {
    let sum = target[i] as number
    for (let k = 0; k < i; k++) sum -= (matrix[i * width + k] as number) * (target[k] as number)
    target[i] = sum / (matrix[i * width + i] as number)
  }
  for (let i = width - 1; i >= 0; i--) {
    let sum = target[i] as number
    for (let k = i + 1; k < width; k++) sum -= (matrix[k * width + i] as number) * (target[k] as number)
    target[i] = sum / (matrix[i * width + i] as number)
  }
}
