// The words of a query by what they tell, and which of them an article may lack.

import type { Term } from '../query.ts'
import { sequenceQuery, termQuery } from './tsquery.ts'
import type { Counted } from './word-counts.ts'

export interface Part {
  term: Term
  weight: number
}

/** With more words there are too many combinations that have most of them. */
const PARTS_MAX = 6
/** A word that no article has is a mistake, or said otherwise everywhere: that it is missing says little. */
const UNKNOWN_WEIGHT = 1

/** Rare words first: they say more. */
export function partsOf({ query, docsOf }: Counted, places: number): Part[] {
  return query.terms
    .map(term => ({ term, weight: docsOf(term) === 0 ? UNKNOWN_WEIGHT : Math.log(1 + Math.max(places, 1) / (1 + docsOf(term))) }))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, PARTS_MAX)
}

/** For ranking: what the words found weigh. */
export const weightsOf = (parts: Part[]) => parts.map(({ term, weight }) => ({ match: termQuery(term), weight }))

export interface Relaxed {
  match: string
  /** No more articles than this match, if the counts are right. Infinity: that is not known. */
  docsMax: number
}

/** Articles that have `share` of the words' weight, but not all words. Undefined if that is impossible. */
export function relaxedQuery({ query, docsMax }: Counted, parts: Part[], share: number): Relaxed | undefined {
  const choices = choicesOf(parts, share)
  if (choices.length === 0) return undefined
  const most = choices.map(terms => `(${terms.map(termQuery).join('&')})`).join('|')
  const phrases = query.phrases.map(phrase => `&(${sequenceQuery(phrase)})`)
  const excluded = query.excluded.map(term => `&!${termQuery(term)}`)
  return {
    match: `(${most})${[...excluded, ...phrases].join('')}`,
    docsMax: choices.reduce((sum, terms) => sum + docsMax(terms), 0),
  }
}

/** Every smallest choice of words that weighs enough, but not all words. */
function choicesOf(parts: Part[], share: number): Term[][] {
  const enough = parts.reduce((sum, part) => sum + part.weight, 0) * share
  const found: Term[][] = []
  const choose = (from: number, chosen: Part[], weight: number) => {
    if (weight >= enough) return void (chosen.length < parts.length && found.push(chosen.map(part => part.term)))
    for (let i = from; i < parts.length; i++) choose(i + 1, [...chosen, parts[i] as Part], weight + (parts[i] as Part).weight)
  }
  choose(0, [], 0)
  return found
}
