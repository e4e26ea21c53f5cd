// Entries are numbered as they come. So many successive numbers are a segment, and segments of the larger sizes consist of four
// of the next smaller one. An entry carries the names of all segments it lies in as lexemes, so that a query can be restricted
// to the newest entries by a few names.

export const SEGMENT_SIZES = [4_096, 16_384, 65_536, 262_144, 1_048_576] as const
const [SMALLEST] = SEGMENT_SIZES

/** As few segments as there are for the numbers from `from` on: larger ones may reach beyond the newest, where nothing is. */
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
