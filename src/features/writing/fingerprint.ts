// The fingerprint of an article, by which near-duplicates are found.

import { plainText } from '../../base/plain-text.ts'
import { createAnalyze } from '../../engines/search/analysis/analyze.ts'
import type { Segmenter } from '../../engines/search/analysis/segmenter.ts'
import { bandsOf, simhashOf } from './simhash.ts'

export interface Fingerprint {
  /** A SimHash of 64 bits as a decimal number: JSON would lose digits. */
  hash: string
  bands: number[]
}

/** Null for a text that is too short to be compared. */
export type FingerprintOf = (title: string, html: string) => Fingerprint | null

/** The tags of the text that is compared take less than that. */
const HTML_MAX = 64 * 1024
/** What stands first decides, as in search; of a longer text the rest is not compared. In 30 ms: other requests wait meanwhile. */
const TEXT_MAX = 4_000

/** `wordsOf` splits a text into the words of which the fingerprint is made. */
export function createFingerprintOf(wordsOf: (text: string) => string[]): FingerprintOf {
  return (title, html) => {
    const hash = simhashOf(wordsOf(`${title} ${plainText(html.slice(0, HTML_MAX))}`.slice(0, TEXT_MAX)))
    return hash === undefined ? null : { hash: String(hash), bands: bandsOf(hash) }
  }
}

/** Splits a text as search does. */
export function createWordsOf(segmenter: Segmenter): (text: string) => string[] {
  const analyze = createAnalyze(segmenter)
  return text => analyze(text).tokens.flatMap(({ kind, text: word }) => (kind === 'word' ? [word] : []))
}
