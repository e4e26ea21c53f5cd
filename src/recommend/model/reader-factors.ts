// Factors of readers: a singular value decomposition of who read what (Halko et al. 2011), refitted now and then. An article's
// factors are the decayed mean of its readers', so a new article has some after its first click.

import { createGrowable } from './growable.ts'
import type { ReadersOf } from './readers-of.ts'

const FACTORS = 24
const ITERATIONS = 4
const HALF_LIFE_S = 24 * 3600
const PRIOR_CLICKS = 1 // an article with one reader is half that reader
// Steps of an article's taste, and what each impression takes from it; as strengths.ts learns.
const [STEP, DECAY] = [0.3, 0.005]

export interface ReaderFactors {
  refit(): void
  click(viewer: number, article: number, at: number): void
  /** How well the article's readers match the viewer, from -1 to 1; 0 if it is not known. */
  match(viewer: number, article: number): number
  /** Learns which readers click an article more than what it was shown beside. `base`: the strengths of the articles. */
  learn(viewer: number, articles: Int32Array, clicked: Uint8Array, base: (article: number) => number): void
  /** How much more than others the viewer is expected to click the article. */
  taste(viewer: number, article: number): number
}

export function createReaderFactors(readers: ReadersOf, random: () => number): ReaderFactors {
  let factors = new Float64Array(0)
  const means = createGrowable(FACTORS)
  const weights = createGrowable()
  const times = createGrowable()
  const tastes = createGrowable(FACTORS)

  const isKnown = (viewer: number) => (viewer + 1) * FACTORS <= factors.length

  function productOf(viewer: number, article: number, values: Float64Array): number {
    let product = 0
    for (let f = 0; f < FACTORS; f++) product += (factors[viewer * FACTORS + f] as number) * (values[article * FACTORS + f] ?? 0)
    return product
  }

  function click(viewer: number, article: number, at: number): void {
    if (!isKnown(viewer)) return
    means.reach(article)
    weights.reach(article)
    times.reach(article)
    const kept = 2 ** (-Math.max(0, at - (times.values[article] as number)) / HALF_LIFE_S)
    for (let f = 0; f < FACTORS; f++) {
      const place = article * FACTORS + f
      means.values[place] = (means.values[place] as number) * kept + (factors[viewer * FACTORS + f] as number)
    }
    weights.values[article] = (weights.values[article] as number) * kept + 1
    times.values[article] = at
  }

  return {
    click,
    refit() {
      factors = decompose(readers, random, factors)
      // New factors are other directions: what the articles have is counted again.
      for (const counts of [means, weights, times]) counts.values.fill(0)
      for (const [article, known] of readers.articles()) {
        const count = Math.min(known.count, known.viewers.length)
        const oldest = known.count % known.viewers.length
        for (let i = 0; i < count; i++) {
          const place = count < known.viewers.length ? i : (oldest + i) % count
          click(known.viewers[place] as number, article, known.at[place] as number)
        }
      }
    },
    match(viewer, article) {
      const weight = weights.values[article] ?? 0
      return weight === 0 || !isKnown(viewer) ? 0 : productOf(viewer, article, means.values) / (weight + PRIOR_CLICKS)
    },
    learn(viewer, articles, clicked, base) {
      if (!isKnown(viewer)) return
      let [clicks, total] = [0, 0]
      for (const isClicked of clicked) clicks += isClicked
      if (clicks === 0) return
      const shares = Float64Array.from(articles, article => {
        tastes.reach(article)
        const share = Math.exp(base(article) + productOf(viewer, article, tastes.values))
        total += share
        return share
      })
      for (const [i, article] of articles.entries()) {
        const error = (clicked[i] as number) - (clicks * (shares[i] as number)) / total
        for (let f = 0; f < FACTORS; f++) {
          const place = article * FACTORS + f
          const kept = (tastes.values[place] as number) * (1 - DECAY)
          tastes.values[place] = kept + STEP * error * (factors[viewer * FACTORS + f] as number)
        }
      }
    },
    taste: (viewer, article) => (isKnown(viewer) ? productOf(viewer, article, tastes.values) : 0),
  }
}

/** The left singular vectors, each reader's of length 1. */
function decompose(readers: ReadersOf, random: () => number, previous: Float64Array): Float64Array<ArrayBuffer> {
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
    orthonormalise(basis, count)
    basis = timesRows(rows, timesColumns(rows, basis, articles))
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

function timesColumns(rows: Rows, basis: Float64Array, articles: number): Float64Array {
  const product = new Float64Array(articles * FACTORS)
  for (const [viewer, row] of rows.entries())
    for (const { article, weight } of row)
      for (let f = 0; f < FACTORS; f++)
        product[article * FACTORS + f] = (product[article * FACTORS + f] as number) + weight * (basis[viewer * FACTORS + f] as number)
  return product
}

function timesRows(rows: Rows, columns: Float64Array): Float64Array<ArrayBuffer> {
  const product = new Float64Array(rows.length * FACTORS)
  for (const [viewer, row] of rows.entries())
    for (const { article, weight } of row)
      for (let f = 0; f < FACTORS; f++)
        product[viewer * FACTORS + f] = (product[viewer * FACTORS + f] as number) + weight * (columns[article * FACTORS + f] as number)
  return product
}

/** Makes the columns equally long. With the singular values as lengths, what everybody reads would decide: E1-dev .7753, not .7797. */
function scaleColumns(basis: Float64Array, rows: number): void {
  for (let f = 0; f < FACTORS; f++) {
    let square = 0
    for (let row = 0; row < rows; row++) square += (basis[row * FACTORS + f] as number) ** 2
    const scale = 1 / (Math.sqrt(square) || 1)
    for (let row = 0; row < rows; row++) basis[row * FACTORS + f] = (basis[row * FACTORS + f] as number) * scale
  }
}

/** Gram and Schmidt, on the columns. */
function orthonormalise(basis: Float64Array, rows: number): void {
  for (let f = 0; f < FACTORS; f++) {
    for (let g = 0; g < f; g++) {
      let product = 0
      for (let row = 0; row < rows; row++) product += (basis[row * FACTORS + f] as number) * (basis[row * FACTORS + g] as number)
      for (let row = 0; row < rows; row++)
        basis[row * FACTORS + f] = (basis[row * FACTORS + f] as number) - product * (basis[row * FACTORS + g] as number)
    }
    let square = 0
    for (let row = 0; row < rows; row++) square += (basis[row * FACTORS + f] as number) ** 2
    const length = Math.sqrt(square) || 1
    for (let row = 0; row < rows; row++) basis[row * FACTORS + f] = (basis[row * FACTORS + f] as number) / length
  }
}
