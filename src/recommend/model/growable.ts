/** Numbers by index that grow as they are written. An index that was not written reads as 0. */
export interface GrowableNumbers {
  values: Float64Array
  /** Makes room for this index. */
  reach(index: number): void
}

const FIRST_SIZE = 1024

/** `width` numbers for each index. */
export function createGrowable(width = 1): GrowableNumbers {
  const growable: GrowableNumbers = {
    values: new Float64Array(FIRST_SIZE * width),
    reach(index) {
      const needed = (index + 1) * width
      if (needed <= growable.values.length) return
      const larger = new Float64Array(Math.max(needed, growable.values.length * 2))
      larger.set(growable.values)
      growable.values = larger
    },
  }
  return growable
}
