// Inputs as small numbers: each input is cut into at most 255 bins that have about as many values each. A split is then looked
// for between bins, and not between all values.

import { lowerBound } from '../model/lower-bound.ts'
import type { Examples } from './examples.ts'

export const BINS_MAX = 255 // a bin is a byte

/** So many values tell where to cut. */
const SAMPLE = 50_000
/** Fewer values in a bin are chance. */
const BIN_MIN = 3

/** Of each input, the values between its bins, ascending: a value is in the first bin whose cut is not below it. */
export type Cuts = readonly Float64Array[]

export interface Binned {
  /** By input, the bin of each candidate. */
  columns: readonly Uint8Array[]
  count: number
}

export function findCuts({ inputs, width }: Examples): Cuts {
  const count = inputs.length / width
  const step = Math.max(1, Math.ceil(count / SAMPLE))
  const sample = new Float32Array(Math.ceil(count / step))
  return Array.from({ length: width }, (_, input) => {
    for (let i = 0; i < sample.length; i++) sample[i] = inputs[i * step * width + input] as number
    return cutsOf(sample.toSorted())
  })
}

export function binsOf({ inputs, width }: Examples, cuts: Cuts): Binned {
  const count = inputs.length / width
  const columns = cuts.map((own, input) => {
    const column = new Uint8Array(count)
    for (let i = 0; i < count; i++) column[i] = lowerBound(own, inputs[i * width + input] as number)
    return column
  })
  return { columns, count }
}

function cutsOf(sorted: Float32Array): Float64Array {
  const cuts: number[] = []
  let [left, bins, inBin] = [sorted.length, BINS_MAX, 0]
  for (let i = 0; i < sorted.length && bins > 1; ) {
    const value = sorted[i] as number
    let end = i + 1
    while (end < sorted.length && sorted[end] === value) end++
    inBin += end - i
    // What is left is shared among the bins that are left: a value that many have takes one bin, however many they are.
    if (end < sorted.length && inBin >= Math.max(BIN_MIN, left / bins)) {
      cuts.push((value + (sorted[end] as number)) / 2)
      left -= inBin
      bins--
      inBin = 0
    }
    i = end
  }
  return Float64Array.from(cuts)
}
