// Cholesky factors of symmetric positive definite matrices, row after row in one list.

/** Solves a system. `matrix`: the lower triangle; both are overwritten, `target` by the solution. */
export function choleskySolve(matrix: Float64Array, target: Float64Array, width: number): void {
  factorise(matrix, width)
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

/** Writes the inverse over the matrix, of which the lower triangle is read. */
export function choleskyInvert(matrix: Float64Array, width: number): void {
  factorise(matrix, width)
  // The inverse of the factor, transposed: row j holds column j.
  const columns = new Float64Array(width * width)
  for (let j = 0; j < width; j += ROWS)
    for (let i = j; i < width; i++) {
      const diagonal = matrix[i * width + i] as number
      const last = Math.min(j + ROWS, i + 1, width)
      multiplyFour(matrix, i * width + j, columns, j * width + j, width, i - j)
      for (let r = 0; j + r < last; r++) columns[(j + r) * width + i] = (Number(j + r === i) - (sums[r] as number)) / diagonal
    }
  for (let i = 0; i < width; i += ROWS)
    for (let j = 0; j < Math.min(i + ROWS, width); j++) {
      multiplyFour(columns, j * width + i, columns, i * width + i, width, width - i)
      for (let r = 0; r < ROWS && i + r < width; r++) matrix[(i + r) * width + j] = matrix[j * width + i + r] = sums[r] as number
    }
}

/** Writes the factor into the lower triangle. */
function factorise(matrix: Float64Array, width: number): void {
  for (let i = 0; i < width; i += ROWS)
    for (let j = 0; j < Math.min(i + ROWS, width); j++) {
      multiplyFour(matrix, j * width, matrix, i * width, width, j)
      for (let r = Math.max(0, j - i); r < ROWS && i + r < width; r++) {
        const place = (i + r) * width + j
        const rest = (matrix[place] as number) - (sums[r] as number)
        matrix[place] = i + r === j ? Math.sqrt(rest) : rest / (matrix[j * width + j] as number)
      }
    }
}

/** Rows at once: what is read of the other row serves all, and one sum need not wait for the one before. */
const ROWS = 4
const sums = new Float64Array(ROWS)

/** Into `sums`: the products of `count` numbers of one row with those of four that follow each other; beyond the last there is nothing. */
function multiplyFour(one: Float64Array, at: number, rows: Float64Array, from: number, width: number, count: number): void {
  let [a, b, c, d] = [0, 0, 0, 0]
  const last = rows.length - count // a row beyond the last is not read
  const second = Math.min(from + width, last)
  const third = Math.min(from + 2 * width, last)
  const fourth = Math.min(from + 3 * width, last)
  for (let k = 0; k < count; k++) {
    const value = one[at + k] as number
    a += value * (rows[from + k] as number)
    b += value * (rows[second + k] as number)
    c += value * (rows[third + k] as number)
    d += value * (rows[fourth + k] as number)
  }
  sums[0] = a
  sums[1] = b
  sums[2] = c
  sums[3] = d
}
