// A randomised singular value decomposition of who read what (Halko et al. 2011), by subspace iteration.

import type { ReadersOf } from './readers-of.ts'

export const FACTORS = 24 // 48 are no better on E1-dev
const ITERATIONS = 4
const SLICE = 500 // readers: some milliseconds

/** The left singular vectors, each reader's of length 1. In slices: with thousands of readers it takes a second. */
export function* decomposing(readers: ReadersOf, random: () => number, previous: Float64Array): Generator<void, Float64Array<ArrayBuffer>> {
  const count = readers.viewers()
  const rows: { article: number; weight: number }[][] = []
  let articles = 0
  for (let viewer = 0; viewer < count; viewer++) {
    const read = readers.readBy(viewer)
    const length = Math.hypot(...read.map(({ weight }) => weight)) || 1
    rows.push(read.map(({ article, weight }) => ({ article, weight: weight / length })))
    for (const { article } of read) articles = Math.max(articles, article + 1)
  }
  // From the previous factors, so that they keep their directions.
  let basis = Float64Array.from({ length: count * FACTORS }, (_, i) => previous[i] ?? random() - 0.5)
  for (let i = 0; i < ITERATIONS; i++) {
    yield* orthonormalising(basis, count)
    basis = yield* timesRows(rows, yield* timesColumns(rows, basis, articles))
  }
  scaleColumns(basis, count)
  for (let viewer = 0; viewer < count; viewer++) {
    const own = basis.subarray(viewer * FACTORS, (viewer + 1) * FACTORS)
    let square = 0
    for (const value of own) square += value * value
    const length = Math.sqrt(square) || 1
    for (let f = 0; f < FACTORS; f++) own[f] = (own[f] as number) / length
  }
  return basis
}

type Rows = { article: number; weight: number }[][]

function* timesColumns(rows: Rows, basis: Float64Array, articles: number): Generator<void, Float64Array> {
  const product = new Float64Array(articles * FACTORS)
  for (const [viewer, row] of rows.entries()) {
    if (viewer % SLICE === 0) yield
    for (const { article, weight } of row)
      for (let f = 0; f < FACTORS; f++)
        product[article * FACTORS + f] = (product[article * FACTORS + f] as number) + weight * (basis[viewer * FACTORS + f] as number)
  }
  return product
}

function* timesRows(rows: Rows, columns: Float64Array): Generator<void, Float64Array<ArrayBuffer>> {
  const product = new Float64Array(rows.length * FACTORS)
  for (const [viewer, row] of rows.entries()) {
    if (viewer % SLICE === 0) yield
    for (const { article, weight } of row)
      for (let f = 0; f < FACTORS; f++)
        product[viewer * FACTORS + f] = (product[viewer * FACTORS + f] as number) + weight * (columns[article * FACTORS + f] as number)
  }
  return product
}

/** Makes the columns equally long. With the singular values as lengths, what all readers read would decide: E1-dev .7864, not .7912. */
function scaleColumns(basis: Float64Array, rows: number): void {
  for (let f = 0; f < FACTORS; f++) scaleColumn(basis, rows, f)
}

/** To length 1. */
function scaleColumn(basis: Float64Array, rows: number, f: number): void {
  let square = 0
  for (let row = 0; row < rows; row++) square += (basis[row * FACTORS + f] as number) ** 2
  const length = Math.sqrt(square) || 1
  for (let row = 0; row < rows; row++) basis[row * FACTORS + f] = (basis[row * FACTORS + f] as number) / length
}

/** Gram and Schmidt, on the columns. */
function* orthonormalising(basis: Float64Array, rows: number): Generator<void> {
  for (let f = 0; f < FACTORS; f++) {
    yield
    for (let g = 0; g < f; g++) {
      let product = 0
      for (let row = 0; row < rows; row++) product += (basis[row * FACTORS + f] as number) * (basis[row * FACTORS + g] as number)
      for (let row = 0; row < rows; row++)
        basis[row * FACTORS + f] = (basis[row * FACTORS + f] as number) - product * (basis[row * FACTORS + g] as number)
    }
    scaleColumn(basis, rows, f)
  }
}
