// Tags: lexemes of an entry that are not words, for conditions that the index itself answers. They begin with a colon, which no
// word does. Entries are numbered as they come; a tag of a place names a range of these numbers, a tag of a day a range of days.

import { DAY } from '../../../base/clock.ts'
import { quoteLexeme } from './tsquery.ts'

/** Ranges of several sizes. A range of one size consists of whole ranges of the next smaller one. */
export interface Ranges {
  name: string
  sizes: readonly [number, ...number[]]
}
export const PLACES: Ranges = { name: 's', sizes: [4_096, 16_384, 65_536, 262_144, 1_048_576] }
export const DAYS: Ranges = { name: 'd', sizes: [1, 32, 1_024] }
/** Of each entry: its ranges, channel, author, and whether it has pictures. */
export const TAGS_COUNT = PLACES.sizes.length + DAYS.sizes.length + 3

/** The tsquery for `from` and up to `to`, which are multiples of the smallest size; undefined if nothing is between. */
export function rangeQuery({ name, sizes }: Ranges, from: number, to: number): string | undefined {
  const tags: string[] = []
  for (let at = from; at < to; ) {
    let level = 0
    const fits = (size: number | undefined) => size !== undefined && at % size === 0 && at + size <= to
    while (fits(sizes[level + 1])) level++
    const size = sizes[level] as number
    tags.push(quoteLexeme(`:${name}${level}.${at / size}`))
    at += size
  }
  return tags.length > 0 ? tags.join('|') : undefined
}

export const tagQuery = (name: 'a' | 'c' | 'p', value: bigint | number): string => quoteLexeme(`:${name}${value}`)

/** A day before 1970 counts as the first one. */
export const dayOf = (ms: number): number => Math.max(0, Math.floor(ms / DAY))

const [SMALLEST] = PLACES.sizes
/** Slices of half the wanted matches: what is read beyond them costs half as much again at most. */
const SLICES_WANTED = 2

/**
 * All places, the newest first, in slices to be searched until there are enough matches. Each of the first has a part of
 * `wanted` matches if `docs` entries match altogether. If fewer do, the following slices are twice as long each.
 */
export function slicesFor(docs: number, places: number, wanted: number): string[] {
  const length = (places * wanted) / SLICES_WANTED / docs
  const slices: string[] = []
  // What came in this moment lies in the range after the last one known.
  let to = (Math.floor(places / SMALLEST) + 2) * SMALLEST
  for (let from = places; to > 0; ) {
    from = Math.max(0, from - length * 2 ** Math.max(0, slices.length - SLICES_WANTED))
    const begin = Math.min(to - SMALLEST, Math.floor(from / SMALLEST) * SMALLEST)
    slices.push(rangeQuery(PLACES, begin, to) as string)
    to = begin
  }
  return slices
}
