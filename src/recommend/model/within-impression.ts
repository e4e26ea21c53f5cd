// What a feature says depends on the candidates beside it: each feature also stands as its z-score and its rank among them.

import { lowerBound } from './lower-bound.ts'

/** Inputs of the ranker for each feature: as it is, z-score, rank. */
export const FORMS = 3

const Z_MAX = 3 // beyond, one outlier would decide alone

/** Among more candidates, ranks are counted in buckets of the z-score: sorting each feature would cost more than all else. */
const SORTED_MAX = 100
const BUCKETS = 256

/** Reads `width` features of `count` candidates, and writes FORMS times as many, `stride` apart. Ranks lie between -0.5 and 0.5. */
export function expandForms(features: Float32Array, count: number, width: number, into: Float32Array, stride = width * FORMS): void {
  const column = new Float32Array(count)
  const below = new Int32Array(BUCKETS + 1)
  for (let f = 0; f < width; f++) {
    let [sum, squares] = [0, 0]
    for (let i = 0; i < count; i++) {
      const value = features[i * width + f] as number
      column[i] = value
      sum += value
      squares += value * value
    }
    const mean = sum / count
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean))
    const scale = deviation > 1e-6 ? 1 / deviation : 0
    const zOf = (value: number) => Math.max(-Z_MAX, Math.min(Z_MAX, (value - mean) * scale))
    const bucketOf = (z: number) => Math.floor(((z + Z_MAX) / (2 * Z_MAX)) * (BUCKETS - 1))
    const isSorted = count <= SORTED_MAX
    if (isSorted) column.sort()
    else {
      below.fill(0)
      for (let i = 0; i < count; i++) {
        const bucket = bucketOf(zOf(column[i] as number)) + 1
        below[bucket] = (below[bucket] as number) + 1
      }
      for (let bucket = 1; bucket <= BUCKETS; bucket++) below[bucket] = (below[bucket] as number) + (below[bucket - 1] as number)
    }
    for (let i = 0; i < count; i++) {
      const value = features[i * width + f] as number
      const place = i * stride + f * FORMS
      const z = zOf(value)
      const bucket = bucketOf(z)
      into[place] = value
      into[place + 1] = z
      if (count < 2 || scale === 0) into[place + 2] = 0
      else {
        const rank = isSorted ? middleRank(column, value) : ((below[bucket] as number) + (below[bucket + 1] as number) - 1) / 2
        into[place + 2] = rank / (count - 1) - 0.5
      }
    }
  }
}

/** The mean index of equal values in a sorted list. */
function middleRank(sorted: Float32Array, value: number): number {
  const first = lowerBound(sorted, value)
  let end = first
  while (end < sorted.length && sorted[end] === value) end++
  return (first + end - 1) / 2
}
