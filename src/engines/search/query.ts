// Parses what the reader typed: required words, exact phrases, excluded words. Both engines get only this parsed form.

import { piecesOf } from './analysis/analyze.ts'
import { normalize } from './analysis/normalize.ts'
import { joined, partsOf, runsOf } from './analysis/runs.ts'
import type { Segmenter, Word } from './analysis/segmenter.ts'
import { isStopWord } from './analysis/stop-words.ts'
import { canonicalUnit, withoutCommas } from './analysis/units.ts'

/** Lexemes that follow each other at these distances from the first. */
export interface Sequence {
  lexemes: Lexeme[]
  /** The same with the stop words between them, for an engine that keeps stop words in phrases. Absent if there are none. */
  withStopWords?: Lexeme[]
}

interface Lexeme {
  text: string
  at: number
}

export interface Term {
  text: string
  /** The forms of the word; an article needs one of them. */
  words: string[]
  /** Or these neighbouring pieces of it, if jieba segmented the text differently. */
  pieces?: Sequence
  /** Any word that begins with it: for one character, or for letters that may be inflected or joined to a number. */
  prefix?: boolean
}

export interface Query {
  /** What was typed, normalised. */
  text: string
  terms: Term[]
  phrases: Sequence[]
  excluded: Term[]
  /** The required words in the typed order, if there are several: titles with this sequence come first. */
  row?: Sequence
}

/** Further words are ignored. Longer queries are pasted titles, whose first words suffice. */
const TERMS_MAX = 12
/** Quotes that mark an exact phrase. 《》 and 「」 surround titles and speech in headlines and are no operators. */
const QUOTE = /["“”]/
export const EXCLUDES = /^[-−](?=[^\s\-−])/

/** Before a quote. */
const EXCLUDES_PHRASE = /(^|\s)[-−]$/

/** Shorter prefixes match too many unrelated words. */
const INFLECTED_MIN = 4

export interface QueryParser {
  parse(typed: string): Query
}

export function createQueryParser({ segmenter }: { segmenter: Segmenter }): QueryParser {
  function termsOf(text: string): Term[] {
    const runs = runsOf(text)
    const isAlone = runs.length === 1
    return runs.flatMap(run =>
      run.kind === 'word' ? measureOf(run.text).map(wordTerm) : segmenter.words(run.text).map(word => hanTerm(word, run.text, isAlone)),
    )
  }

  function parse(typed: string): Query {
    // Control characters separate, as spaces do.
    const text = withoutCommas(normalize(typed.replace(/\p{Cc}/gu, ' '))).trim()
    const query: Query = { text, terms: [], phrases: [], excluded: [] }
    // Every second part is quoted. A last quote without a pair is ignored.
    const parts = text.split(QUOTE)
    let wanted = ''
    parts.forEach((part, i) => {
      const quoted = i % 2 === 1 && i < parts.length - 1
      if (quoted) {
        const phrase = sequenceOf(part)
        if (phrase && EXCLUDES_PHRASE.test(parts[i - 1] as string)) query.excluded.push({ text: part, words: [], pieces: phrase })
        else if (phrase) query.phrases.push(phrase)
        return
      }
      for (const word of part.split(/\s+/)) {
        const without = EXCLUDES.test(word)
        const terms = termsOf(without ? word.slice(1) : word)
        if (without) query.excluded.push(...terms)
        else {
          query.terms.push(...terms)
          wanted += ` ${word}`
        }
      }
    })
    query.terms = distinct(query.terms)
    const telling = query.terms.filter(term => !isStopWord(term.text))
    // A query of stop words only is searched with them.
    if (telling.length > 0 || query.phrases.length > 0) query.terms = telling
    query.terms = query.terms.slice(0, TERMS_MAX)
    // Chinese is written without spaces between characters.
    if (query.terms.length > 1) query.row = sequenceOf(wanted.replace(/(?<=\p{sc=Han})\s+(?=\p{sc=Han})/gu, ''))
    query.excluded = query.excluded.slice(0, TERMS_MAX)
    query.phrases = query.phrases.slice(0, TERMS_MAX)
    return query
  }

  return { parse }
}

export const isEmpty = (query: Query): boolean => query.terms.length === 0 && query.phrases.length === 0

/** `isAlone`: nothing else was typed than this run. */
function hanTerm({ text, at }: Pick<Word, 'text' | 'at'>, run: string, isAlone: boolean): Term {
  const unit = canonicalUnit(text)
  const characters = [...text].length
  const words = unit ? [text, unit] : [text]
  // One character is also every word that begins with it; among others it is a word, or a part of one with its neighbour.
  if (characters === 1)
    return text === run && isAlone ? { text, words, prefix: true } : { text, words: [...words, ...pairsAround(text, at, run)] }
  // A word of two characters is a piece itself.
  return characters === 2 ? { text, words } : { text, words, pieces: pairsOf(text) }
}

/** 石原里美, 里 → 原里, 里美. */
function pairsAround(character: string, at: number, run: string): string[] {
  const pairs = pairsOf(run).lexemes.filter(pair => pair.at === at || pair.at + pair.text.length === at + character.length)
  return pairs.map(pair => pair.text).filter(pair => pair !== character)
}

/** A number and its unit are two words, so that 340km finds 340公里 too. */
function measureOf(word: string): string[] {
  const [number, unit, ...rest] = partsOf(word)
  const isMeasure = number && unit && rest.length === 0 && canonicalUnit(unit.text) && number.text + unit.text === word
  return isMeasure ? [number.text, unit.text] : [word]
}

function wordTerm(word: string): Term {
  const parts = partsOf(word)
  const unit = canonicalUnit(word)
  const whole = joined(word)
  const words = [word, unit, whole].filter(each => each !== undefined)
  if (parts.length < 2) {
    const prefix = word.length >= INFLECTED_MIN && /^\p{L}+$/u.test(word)
    return { text: word, words, ...(prefix && { prefix }) }
  }
  return { text: word, words, pieces: { lexemes: parts } }
}

/** A phrase as neighbouring characters, so that segmentation does not matter. PostgreSQL has no stop words: only their place counts. */
export function sequenceOf(text: string): Sequence | undefined {
  const lexemes = runsOf(text).flatMap(run => {
    if (run.kind === 'word') return [{ text: run.text, at: run.place }]
    const pairs = pairsOf(run.text).lexemes
    return pairs.map(pair => ({ text: pair.text, at: run.place + pair.at }))
  })
  const telling = lexemes.filter(({ text }) => !isStopWord(text) || /\p{sc=Han}/u.test(text))
  if (telling.length === lexemes.length || telling.length === 0) return lexemes.length > 0 ? { lexemes } : undefined
  return { lexemes: telling, withStopWords: lexemes }
}

/** 金字塔 → 金字, 字塔. */
function pairsOf(word: string): Sequence {
  const pieces = piecesOf(word)
  return { lexemes: pieces.length > 1 ? pieces.slice(0, -1) : pieces }
}

function distinct(terms: Term[]): Term[] {
  return [...new Map(terms.map(term => [term.text, term])).values()]
}
