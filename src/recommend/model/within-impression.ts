// What a feature says depends on the candidates beside it: each feature also stands as its z-score and its rank among them.

/** Inputs of the ranker for each feature: as it is, z-score, rank. */
export const FORMS = 3

const Z_MAX = 3 // beyond, one outlier would decide alone

/** Reads `width` features of `count` candidates, and writes FORMS times as many. Ranks lie between -0.5 and 0.5. */
export function expandForms(features: Float32Array, count: number, width: number, into: Float32Array): void {
  const column = new Float32Array(count)
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
    column.sort()
    for (let i = 0; i < count; i++) {
      const value = features[i * width + f] as number
      const place = (i * width + f) * FORMS
      into[place] = value
      into[place + 1] = Math.max(-Z_MAX, Math.min(Z_MAX, (value - mean) * scale))
      into[place + 2] = count > 1 && scale > 0 ? middleRank(column, value) / (count - 1) - 0.5 : 0
    }
  }
}

/** The mean index of equal values in a sorted list. */
function middleRank(sorted: Float32Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  let end = low
  while (end < sorted.length && sorted[end] === value) end++
  return (low + end - 1) / 2
}
