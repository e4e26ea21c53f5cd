// Sums of gradients by bin: what a split is worth can be read from them. They are built for the smaller of two children; the
// larger one's are those of the parent without them.

import { BINS_MAX, type Binned } from './bins.ts'

const BINS = BINS_MAX + 1
const SUMS = 2 // gradients and second derivatives
const STRIDE = BINS * SUMS

export type Histograms = Float64Array

export interface Split {
  input: number
  /** Bins up to it go left. */
  bin: number
  gain: number
}

export interface SplitLimits {
  leafMin: number
  hessianMin: number
  /** Pulls the values of leaves to 0. */
  shrinkage: number
}

export const createHistograms = (width: number): Histograms => new Float64Array(width * STRIDE)

/** Of the candidates in `rows` from `begin` to `end`. `gradients` and `hessians` are in the order of `rows`. */
export function fillHistograms(
  into: Histograms,
  inputs: Int32Array,
  { columns }: Binned,
  rows: Int32Array,
  begin: number,
  end: number,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (const input of inputs) {
    const from = input * STRIDE
    into.fill(0, from, from + STRIDE)
    sumByBin(into.subarray(from, from + STRIDE), columns[input] as Uint8Array, rows, begin, end, gradients, hessians)
  }
}

// Apart, so that it stays small enough for the compiler to keep everything in registers.
function sumByBin(
  sums: Float64Array,
  column: Uint8Array,
  rows: Int32Array,
  begin: number,
  end: number,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let i = begin; i < end; i++) {
    const place = (column[rows[i] as number] as number) << 1
    sums[place] = (sums[place] as number) + (gradients[i] as number)
    sums[place + 1] = (sums[place + 1] as number) + (hessians[i] as number)
  }
}

/** Takes `part` from `whole`. */
export function subtractHistograms(whole: Histograms, part: Histograms, inputs: Int32Array): void {
  for (const input of inputs) {
    const from = input * STRIDE
    for (let i = from; i < from + STRIDE; i++) whole[i] = (whole[i] as number) - (part[i] as number)
  }
}

/** The split that lowers the loss most, if one does. How many candidates are in a bin is estimated from its second derivatives. */
export function findSplit(
  histograms: Histograms,
  inputs: Int32Array,
  leaf: { gradient: number; hessian: number; count: number },
  { leafMin, hessianMin, shrinkage }: SplitLimits,
): Split | undefined {
  const { gradient, hessian, count } = leaf
  const unsplit = (gradient * gradient) / (hessian + shrinkage)
  const perHessian = count / hessian
  let [bestInput, bestBin, bestGain] = [-1, -1, 1e-10] // below, it is the rounding of sums
  for (const input of inputs) {
    let [g, h] = [0, 0]
    const from = input * STRIDE
    for (let bin = 0; bin < BINS_MAX; bin++) {
      g += histograms[from + bin * SUMS] as number
      h += histograms[from + bin * SUMS + 1] as number
      if (h < hessianMin || h * perHessian < leafMin) continue
      const [rightG, rightH] = [gradient - g, hessian - h]
      if (rightH < hessianMin || rightH * perHessian < leafMin) break
      const gain = (g * g) / (h + shrinkage) + (rightG * rightG) / (rightH + shrinkage) - unsplit
      if (gain > bestGain) [bestInput, bestBin, bestGain] = [input, bin, gain]
    }
  }
  return bestInput < 0 ? undefined : { input: bestInput, bin: bestBin, gain: bestGain }
}
