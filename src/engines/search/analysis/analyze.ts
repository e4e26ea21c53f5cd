// Turns a text into the tokens of the index. Words are found by jieba. Pieces are pairs of neighbouring characters: they match
// inside words, and where jieba segments differently. A word weighs more than a piece.

import { normalize } from './normalize.ts'
import { joined, partsOf, runsOf } from './runs.ts'
import type { Segmenter } from './segmenter.ts'
import { isStopWord } from './stop-words.ts'
import { canonicalUnit, withoutCommas } from './units.ts'

export interface Token {
  text: string
  /** The number of characters before it without punctuation: a phrase is a sequence of places. */
  place: number
  kind: 'word' | 'piece'
}

export interface Analyzed {
  /** The normalised text. */
  text: string
  tokens: Token[]
  /** One more than the last place. */
  length: number
}

export type Analyze = (typed: string) => Analyzed

export function createAnalyze(segmenter: Segmenter): Analyze {
  return typed => {
    const text = withoutCommas(normalize(typed))
    const tokens: Token[] = []
    let length = 0
    const put = (kind: Token['kind'], word: string, place: number) => {
      if (kind === 'word' && isStopWord(word)) return
      tokens.push({ text: word, place, kind })
      const unit = kind === 'word' ? canonicalUnit(word) : undefined
      if (unit) tokens.push({ text: unit, place, kind })
    }
    for (const run of runsOf(text)) {
      length = run.place + run.text.length // joints take no place, so this may be a little more
      if (run.kind === 'word') {
        put('word', run.text, run.place)
        const parts = partsOf(run.text)
        const whole = joined(run.text)
        if (whole && whole !== parts[0]?.text) put('word', whole, run.place)
        if (parts.length > 1 || parts[0]?.text !== run.text) for (const part of parts) put('word', part.text, run.place + part.at)
        continue
      }
      const words = segmenter.words(run.text)
      const known = new Set<string>()
      const word = (one: { text: string; at: number }) => {
        // A stop word is not indexed as a word; its characters are a piece.
        if (!isStopWord(one.text)) known.add(`${one.at} ${one.text}`)
        put('word', one.text, run.place + one.at)
      }
      for (const one of words) {
        word(one)
        one.inner.forEach(word)
      }
      for (const piece of piecesOf(run.text)) if (!known.has(`${piece.at} ${piece.text}`)) put('piece', piece.text, run.place + piece.at)
    }
    return { text, tokens, length }
  }
}

/** Every two neighbouring characters, and the last one alone, so that each character begins a piece. */
export function piecesOf(run: string): { text: string; at: number }[] {
  const pieces: { text: string; at: number }[] = []
  let before: { text: string; at: number } | undefined
  let at = 0
  for (const character of run) {
    if (before) pieces.push({ text: before.text + character, at: before.at })
    before = { text: character, at }
    at += character.length
  }
  if (before) pieces.push(before)
  return pieces
}
