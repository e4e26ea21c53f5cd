// The index of each article or viewer that the learner knows. Index 0 is for all others: nothing is learned about it, so
// whatever is asked of it is 0.

import type { Renumbering } from '../model/renumbering.ts'

export const UNKNOWN = 0

/** Of the indices, when there are too many: forgetting takes some tenths of a second, so it should be rare. */
const FORGOTTEN_SHARE = 1 / 4

export interface Indices<Id> {
  /** UNKNOWN if there is none. */
  find(id: Id): number
  /** Something happened to it: gives it an index if it has none. */
  touch(id: Id, at: number): number
  isOverfull(): boolean
  /** Forgets those to which nothing has happened for longest. */
  forgetOldest(): Renumbering
  size(): number
  data: { ids: (Id | null)[]; touchedAt: number[] }
  restore(data: Indices<Id>['data']): void
}

export function createIndices<Id extends string | bigint>(max: number): Indices<Id> {
  const data: Indices<Id>['data'] = { ids: [null], touchedAt: [0] }
  const indices = new Map<Id, number>()

  function readIds(): void {
    indices.clear()
    for (const [index, id] of data.ids.entries()) if (id !== null) indices.set(id, index)
  }

  return {
    find: id => indices.get(id) ?? UNKNOWN,
    touch(id, at) {
      let index = indices.get(id)
      if (index === undefined) indices.set(id, (index = data.ids.push(id) - 1))
      data.touchedAt[index] = at
      return index
    },
    isOverfull: () => indices.size > max,
    forgetOldest() {
      const known = data.ids.length - 1
      const oldestFirst = Array.from({ length: known }, (_, i) => i + 1).toSorted(
        (a, b) => (data.touchedAt[a] as number) - (data.touchedAt[b] as number) || a - b,
      )
      const forgotten = new Set(oldestFirst.slice(0, Math.ceil(known * FORGOTTEN_SHARE)))
      let next = 0
      const renumbering = Int32Array.from(data.ids, (_, index) => (forgotten.has(index) ? -1 : next++))
      const isKept = (_: unknown, index: number) => (renumbering[index] as number) >= 0
      data.ids = data.ids.filter(isKept)
      data.touchedAt = data.touchedAt.filter(isKept)
      readIds()
      return renumbering
    },
    size: () => indices.size,
    data,
    restore(saved) {
      Object.assign(data, saved)
      readIds()
    },
  }
}
