/** The index of the first number of a sorted list that is not below `value`; its length if there is none. */
export function lowerBound(sorted: Float32Array | Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
