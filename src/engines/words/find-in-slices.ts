// Finds words in a text of any length. A megabyte takes a tenth of a second and more, so other requests are answered in between.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WordMatch, WordMatcher } from './word-matcher.ts'

/** In UTF-16 units. Searched in less than 20 ms, also if it is nothing but words to be found. */
const SLICE = 16 * 1024
/** What a slice also sees of its neighbours: the longest word with some forty signs between any two letters. */
const REACH = 2_000

/** As `matcher.find`, except that a match longer than `reach` may be missed where two slices meet. */
export async function findInSlices(
  matcher: WordMatcher,
  text: string,
  { slice = SLICE, reach = REACH }: { slice?: number; reach?: number } = {},
): Promise<WordMatch[]> {
  if (text.length <= slice) return matcher.find(text)
  const matches: WordMatch[] = []
  for (let start = 0; start < text.length; start += slice) {
    const from = Math.max(0, start - reach)
    for (const match of matcher.find(text.slice(from, start + slice + reach))) {
      const at = match.from + from
      if (at >= start && at < start + slice) matches.push({ word: match.word, from: at, to: match.to + from })
    }
    await nextTurn()
  }
  return matches
}
