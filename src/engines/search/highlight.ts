// Finds the query's words in a title. Returns ranges without markup; the client decides how to show them.

import { normalizeWithOrigins } from './analysis/normalize.ts'
import type { Query } from './query.ts'

/** UTF-16 units, the end exclusive. */
export type Range = [from: number, to: number]

export function highlight(title: string, { terms, phrases }: Pick<Query, 'terms' | 'phrases'>): Range[] {
  const { text, origins } = normalizeWithOrigins(title)
  const wanted = [
    ...terms.flatMap(term => [term.text, ...term.words]),
    ...terms.flatMap(term => term.pieces?.lexemes.map(one => one.text) ?? []),
    ...phrases.flatMap(phrase => phrase.lexemes.map(one => one.text)),
  ].filter(word => word.length > 0)
  const marked = new Uint8Array(text.length)
  for (const word of new Set(wanted))
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
      if (!cutsNumber(text, at) && !cutsNumber(text, at + word.length)) marked.fill(1, at, at + word.length)
  const ranges: Range[] = []
  for (let at = 0; at < text.length; at++) {
    if (!marked[at]) continue
    let end = at
    while (end < text.length && marked[end]) end++
    // To the end of the original character.
    ranges.push([origins[at] as number, origins[end] ?? title.length])
    at = end
  }
  return ranges
}

/** A 7 is not a part of 670. */
const cutsNumber = (text: string, at: number): boolean => /^\d\d$/.test(text.slice(Math.max(0, at - 1), at + 1))
