// What the same readers read: words of titles as vectors, so that titles without a word in common can be alike. The vectors are a basis
// of the matrix of readers and words (randomised subspace iteration, Halko et al. 2011); a title is the sum of its words.

import { createSeededRandom } from '../../src/base/seeded-random.ts'
import type { TitleVector } from './title-vectors.ts'

/** Chosen on the days of the sample: 32 and 64 are about as good, 16 and 128 less. */
const WIDTH = 48
const ITERATIONS = 4

/** `readers`: the titles that each has read. Returns a title's vector with numbers by meaning beside those by word, half of each. */
export function createReadingVectors(readers: readonly (readonly TitleVector[])[]): (title: TitleVector) => TitleVector {
  const rows = readers.map(profileOf)
  const words = 1 + rows.reduce((most, row) => row.words.reduce((a, b) => Math.max(a, b), most), -1)
  const random = createSeededRandom(1)
  let basis = Float64Array.from({ length: words * WIDTH }, random.normal)
  for (let i = 0; i < ITERATIONS; i++) {
    const next = new Float64Array(basis.length)
    for (const row of rows) {
      const meaning = meaningOf(row, basis)
      for (const [i, word] of row.words.entries())
        for (let k = 0; k < WIDTH; k++)
          next[word * WIDTH + k] = (next[word * WIDTH + k] as number) + (row.weights[i] as number) * (meaning[k] as number)
    }
    basis = orthonormalise(next)
  }
  // Numbers by meaning have negative indices.
  const indices = Int32Array.from({ length: WIDTH }, (_, k) => -1 - k)
  return title => ({
    words: Int32Array.of(...title.words, ...indices),
    weights: Float64Array.of(...title.weights, ...toLengthOne(meaningOf(title, basis))).map(weight => weight * Math.SQRT1_2),
  })
}

function profileOf(titles: readonly TitleVector[]): TitleVector {
  const sums = new Map<number, number>()
  for (const { words, weights } of titles)
    for (const [i, word] of words.entries()) sums.set(word, (sums.get(word) ?? 0) + (weights[i] as number))
  return { words: Int32Array.from(sums.keys()), weights: toLengthOne(Float64Array.from(sums.values())) }
}

/** A word that no reader has read says nothing. */
function meaningOf({ words, weights }: TitleVector, basis: Float64Array): Float64Array {
  const sum = new Float64Array(WIDTH)
  for (const [i, word] of words.entries())
    for (let k = 0; k < WIDTH; k++) sum[k] = (sum[k] as number) + (weights[i] as number) * (basis[word * WIDTH + k] ?? 0)
  return sum
}

function toLengthOne(values: Float64Array): Float64Array<ArrayBuffer> {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1
  return Float64Array.from(values, value => value / length)
}

/** The columns, by Gram and Schmidt. */
function orthonormalise(basis: Float64Array): Float64Array<ArrayBuffer> {
  const size = basis.length / WIDTH
  const columns = Array.from({ length: WIDTH }, (_, k) => Float64Array.from({ length: size }, (_, i) => basis[i * WIDTH + k] as number))
  for (const [k, column] of columns.entries()) {
    for (const earlier of columns.slice(0, k)) {
      let product = 0
      for (let i = 0; i < size; i++) product += (column[i] as number) * (earlier[i] as number)
      for (let i = 0; i < size; i++) column[i] = (column[i] as number) - product * (earlier[i] as number)
    }
    columns[k] = toLengthOne(column)
  }
  return Float64Array.from({ length: basis.length }, (_, place) => columns[place % WIDTH]?.[Math.floor(place / WIDTH)] as number)
}
