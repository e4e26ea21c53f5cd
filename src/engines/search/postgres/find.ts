// Finds the articles of a query: those with all words first, then, if these fill no page, those with most of the words.

import { LRUCache } from 'lru-cache'
import { MINUTE } from '../../../base/clock.ts'
import { entriesMax } from '../../../base/entries-max.ts'
import type { Db } from '../../database/database.ts'
import { isEmpty, type Term } from '../query.ts'
import type { FindRequest, Found } from '../search.ts'
import { CANDIDATES_MAX, COVERAGE_LEAST, COVERAGE_MIN, ENOUGH, RANKED_MAX } from '../weights.ts'
import { findRanked, type RankRequest } from './find.sql.ts'
import type { Live } from './slots.sql.ts'
import { slicesFor } from './tags.ts'
import { docsOf } from './terms.sql.ts'
import { anyQuery, sequenceQuery, strictQuery, termQuery } from './tsquery.ts'

/** Cached counts of words; each is a hundred bytes. */
const TERMS_MAX = 20_000
/** The counts in the database change once an hour. */
const TERM_TTL_MS = 5 * MINUTE
/** With more words there are too many combinations that have most of them. */
const PARTS_MAX = 6

export function createFind({ db, live }: { db: Db; live: () => Promise<Live> }) {
  const docs = new LRUCache<string, number>({ ...entriesMax(TERMS_MAX), ttl: TERM_TTL_MS })

  async function docsOfTerms(terms: Term[]): Promise<(term: Term) => number> {
    const unknown = [...new Set(terms.flatMap(term => term.words))].filter(word => !docs.has(word))
    if (unknown.length > 0) {
      const found = await docsOf(db, unknown)
      for (const word of unknown) docs.set(word, found.get(word) ?? 0)
    }
    return term => term.words.reduce((sum, word) => sum + (docs.get(word) ?? 0), 0)
  }

  return async function find(request: FindRequest): Promise<Found> {
    const { query, filters, order, limit, now } = request
    if (isEmpty(query)) return { ids: [], allWordsCount: 0 }
    const { slot, places } = await live()
    const count = await docsOfTerms(query.terms)
    const base = {
      slot,
      any: anyQuery(query),
      phrase: query.row && sequenceQuery(query.row),
      filters,
      order,
      limit,
      now,
    }
    const fewest = (terms: Term[]) => (terms.length > 0 ? Math.min(...terms.map(count)) : 0)
    const strict = await findRanked(db, { ...base, ...newestOf(fewest(query.terms), places), match: strictQuery(query), coverageMin: 0 })
    const allWordsCount = strict.ids.length
    if (allWordsCount >= ENOUGH || query.terms.length < 2 || (allWordsCount === 0 && request.allWordsOnly))
      return { ids: strict.ids, allWordsCount }
    const parts = weighed(query.terms, count, places)
    const without =
      query.excluded.map(term => `&!${termQuery(term)}`).join('') + query.phrases.map(each => `&(${sequenceQuery(each)})`).join('')
    const relax = async (coverageMin: number) => {
      const choices = choicesOf(parts, coverageMin)
      if (choices.length === 0) return []
      const expected = choices.reduce((sum, terms) => sum + fewest(terms), 0)
      const { ids } = await findRanked(db, {
        ...base,
        ...newestOf(expected, places),
        match: `(${choices.map(terms => `(${terms.map(termQuery).join('&')})`).join('|')})${without}`,
        parts: parts.map(part => ({ match: termQuery(part.term), weight: part.weight })),
        coverageMin,
      })
      return ids
    }
    let relaxed = await relax(COVERAGE_MIN)
    if (allWordsCount === 0 && relaxed.length === 0) relaxed = await relax(COVERAGE_LEAST)
    const known = new Set(strict.ids)
    return { ids: [...strict.ids, ...relaxed.filter(id => !known.has(id))].slice(0, limit), allWordsCount }
  }
}

/** If more articles than can be ranked are expected to match, the newest of them. */
const newestOf = (docs: number, places: number): Pick<RankRequest, 'slices' | 'candidatesMax'> =>
  docs <= RANKED_MAX || places === 0
    ? { candidatesMax: RANKED_MAX }
    : { candidatesMax: CANDIDATES_MAX, slices: slicesFor(docs, places, CANDIDATES_MAX) }

interface Part {
  term: Term
  weight: number
}

/** A word that no article has is a mistake, or said otherwise everywhere: that it is missing says little. */
const UNKNOWN_WEIGHT = 1

/** Rare words first: they say more. */
function weighed(terms: Term[], count: (term: Term) => number, places: number): Part[] {
  return terms
    .map(term => ({ term, weight: count(term) === 0 ? UNKNOWN_WEIGHT : Math.log(1 + Math.max(places, 1) / (1 + count(term))) }))
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, PARTS_MAX)
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
