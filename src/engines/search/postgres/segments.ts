// Entries are numbered in the order of their arrival. A segment is a range of these numbers; a segment of one size contains four
// of the next smaller size. The names of an entry's segments are among its lexemes, so that a query can be restricted to the
// newest entries by a few names.

export const SEGMENT_SIZES = [4_096, 16_384, 65_536, 262_144, 1_048_576] as const
const [SMALLEST] = SEGMENT_SIZES

/** The fewest segments that contain all numbers from `from` on. The last one may be larger than necessary. */
export function segmentsFrom(from: number, places: number): string[] {
  const names: string[] = []
  for (let at = Math.floor(Math.max(0, from) / SMALLEST) * SMALLEST; at <= places; ) {
    let level = 0
    while (level + 1 < SEGMENT_SIZES.length && at % (SEGMENT_SIZES[level + 1] as number) === 0) level++
    names.push(`:${level}.${at / (SEGMENT_SIZES[level] as number)}`)
    at += SEGMENT_SIZES[level] as number
  }
  return names
}
