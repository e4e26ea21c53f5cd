// Finds the articles of a query: those with all words first, then, if these fill no page, those with most of the words.

import type { Db } from '../../database/database.ts'
import { isEmpty, type Term } from '../query.ts'
import type { FindRequest, Found } from '../search.ts'
import { CANDIDATES_MAX, COVERAGE_LEAST, COVERAGE_MIN, ENOUGH, RANKED_MAX } from '../weights.ts'
import { findRanked, type RankRequest } from './find.sql.ts'
import type { Live } from './slots.sql.ts'
import { slicesFor } from './tags.ts'
import { anyQuery, sequenceQuery, strictQuery, termQuery } from './tsquery.ts'
import { createWordCounts } from './word-counts.ts'

/** With more words there are too many combinations that have most of them. */
const PARTS_MAX = 6

export function createFind({ db, live }: { db: Db; live: () => Promise<Live> }) {
  const countWords = createWordCounts({ db })

  return async function find(request: FindRequest): Promise<Found> {
    const { filters, order, limit, now } = request
    if (isEmpty(request.query)) return { ids: [], allWordsCount: 0 }
    const [{ slot, places }, { query, docsOf, docsMax }] = await Promise.all([live(), countWords(request.query)])
    const base = {
      slot,
      any: anyQuery(query),
      phrase: query.row && sequenceQuery(query.row),
      filters,
      order,
      limit,
      now,
    }
    const strict = await findRanked(db, { ...base, ...newestOf(docsMax, places), match: strictQuery(query), coverageMin: 0 })
    const allWordsCount = strict.ids.length
    if (allWordsCount >= ENOUGH || query.terms.length < 2 || (allWordsCount === 0 && request.allWordsOnly))
      return { ids: strict.ids, allWordsCount }
    const parts = weighed(query.terms, docsOf, places)
    const without =
      query.excluded.map(term => `&!${termQuery(term)}`).join('') + query.phrases.map(each => `&(${sequenceQuery(each)})`).join('')
    const relax = async (coverageMin: number) => {
      const choices = choicesOf(parts, coverageMin)
      if (choices.length === 0) return []
      const expected = choices.reduce((sum, terms) => sum + Math.min(...terms.map(docsOf)), 0)
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
