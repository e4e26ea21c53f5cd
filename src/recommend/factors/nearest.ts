// The vectors with the highest products with a query, exactly: all are compared in 16 bits first, and those that may be among the best
// despite the rounding are compared in full.

import { compileScan } from './dot-products.ts'

/** 64 products of two such numbers fit into 32 bits. */
const MOST = 4_095

export interface Scored {
  index: number
  score: number
}

/** `vectors`: `width` numbers each; `width` a multiple of 16, at most 64. */
export function createNearest(vectors: Float32Array, width: number) {
  if (width % 16 !== 0 || width > 64) throw new Error('vectors have 16, 32, 48 or 64 numbers')
  const count = vectors.length / width
  const [vectorsAt, productsAt] = [width * 2, width * 2 + vectors.length * 2]
  const { scan, buffer } = compileScan(width, productsAt + count * 4)
  const query16 = new Int16Array(buffer, 0, width)
  const products = new Int32Array(buffer, productsAt, count)
  const rounded = new Int16Array(buffer, vectorsAt, vectors.length)
  const scale = scaleOf(vectors)
  let longestSum = 0
  for (let i = 0; i < count; i++) {
    let sum = 0
    for (let k = i * width; k < (i + 1) * width; k++) sum += Math.abs((rounded[k] = Math.round((vectors[k] as number) * scale)))
    longestSum = Math.max(longestSum, sum)
  }

  return {
    /** The highest first; of equal ones the first. `isWanted`: others are passed over. */
    top(query: Float32Array, limit: number, isWanted: (index: number) => boolean = () => true): Scored[] {
      if (count === 0 || limit < 1) return []
      const queryScale = scaleOf(query)
      let querySum = 0
      for (let k = 0; k < width; k++) querySum += Math.abs((query16[k] = Math.round((query[k] as number) * queryScale)))
      scan(0, vectorsAt, productsAt, count)
      // Each number is off by at most a half, so a product by at most this.
      const error = (longestSum + querySum) / 2 + width / 4
      const least = kthHighest(products, limit, isWanted) - 2 * error
      const found: Scored[] = []
      for (let i = 0; i < count; i++)
        if ((products[i] as number) >= least && isWanted(i)) found.push({ index: i, score: product(query, vectors, i * width, width) })
      return found.toSorted((a, b) => b.score - a.score || a.index - b.index).slice(0, limit)
    },
  }
}

function scaleOf(values: Float32Array): number {
  let most = 0
  for (const value of values) most = Math.max(most, Math.abs(value))
  return most > 0 ? MOST / most : 0
}

/** By a heap of the highest so far; the lowest of them is at its top. */
function kthHighest(values: Int32Array, k: number, isWanted: (index: number) => boolean): number {
  const heap = new Float64Array(k).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (value <= (heap[0] as number) || !isWanted(i)) continue
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child + 1 < k && (heap[child + 1] as number) < (heap[child] as number)) child++
      if (child >= k || (heap[child] as number) >= value) break
      heap[place] = heap[child] as number
      place = child
    }
    heap[place] = value
  }
  return heap[0] as number
}

function product(a: Float32Array, b: Float32Array, from: number, width: number): number {
  let sum = 0
  for (let k = 0; k < width; k++) sum += (a[k] as number) * (b[from + k] as number)
  return sum
}
