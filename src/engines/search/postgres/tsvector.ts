// An article's tokens in PostgreSQL's own form. Its four weights say where a token stands: A a word of the title, B a piece of
// it, C a word of the text, D a piece of it.

import type { Analyzed } from '../analysis/analyze.ts'
import { quoteLexeme } from './tsquery.ts'

/** A tsvector keeps no higher position: what comes later all stands at the end. */
const PLACE_MAX = 16_383
/** Nor more positions of one lexeme, nor longer lexemes than 2 kB; readers do not search for words of more than 64 characters. */
const POSITIONS_MAX = 255
const LEXEME_MAX = 64
/** So far apart that no phrase leads from the title into the text. */
const GAP = 100

export function tsvectors(title: Analyzed, body: Analyzed): { title: string; all: string } {
  const positions = new Map<string, string[]>()
  collect(positions, title, 0, { word: 'A', piece: 'B' })
  const ofTitle = written(positions)
  collect(positions, body, title.length + GAP, { word: 'C', piece: 'D' })
  return { title: ofTitle, all: written(positions) }
}

function collect(positions: Map<string, string[]>, { tokens }: Analyzed, from: number, weights: { word: string; piece: string }): void {
  for (const { text, place, kind } of tokens) {
    if (text.length > LEXEME_MAX) continue
    let all = positions.get(text)
    if (!all) positions.set(text, (all = []))
    if (all.length < POSITIONS_MAX) all.push(`${Math.min(from + place + 1, PLACE_MAX)}${weights[kind]}`)
  }
}

function written(positions: Map<string, string[]>): string {
  let text = ''
  for (const [lexeme, all] of positions) text += `${quoteLexeme(lexeme)}:${all.join(',')} `
  return text
}
