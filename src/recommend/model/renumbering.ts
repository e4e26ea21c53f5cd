// Indices are given anew when the least recent articles and viewers are forgotten. Those that stay keep their order.

import type { GrowableNumbers } from './growable.ts'

/** The new index of each old one; -1 if it is forgotten. Index 0 stays: nothing is ever learned about it. */
export type Renumbering = Int32Array

export interface Renumberings {
  articles: Renumbering
  viewers: Renumbering
}

export const newIndex = (renumbering: Renumbering, old: number): number => renumbering[old] ?? -1

/** A list by index. */
export function renumberList<T>(list: readonly (T | undefined)[], renumbering: Renumbering): (T | undefined)[] {
  const renumbered: (T | undefined)[] = []
  for (const [old, value] of list.entries()) {
    const index = newIndex(renumbering, old)
    if (value !== undefined && index >= 0) renumbered[index] = value
  }
  return renumbered
}

export function renumberKeys<V>(map: ReadonlyMap<number, V>, renumbering: Renumbering): Map<number, V> {
  const renumbered = new Map<number, V>()
  for (const [old, value] of map) {
    const index = newIndex(renumbering, old)
    if (index >= 0) renumbered.set(index, value)
  }
  return renumbered
}

/** `width` numbers for each index. */
export function renumberNumbers(values: Float64Array, renumbering: Renumbering, width = 1): Float64Array<ArrayBuffer> {
  const renumbered = new Float64Array(values.length)
  for (const [old, index] of renumbering.entries())
    if (index >= 0 && (old + 1) * width <= values.length) renumbered.set(values.subarray(old * width, (old + 1) * width), index * width)
  return renumbered
}

export function renumberGrowable(numbers: GrowableNumbers, renumbering: Renumbering, width = 1): void {
  numbers.values = renumberNumbers(numbers.values, renumbering, width)
}
