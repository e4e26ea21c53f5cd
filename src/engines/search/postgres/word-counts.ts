// In how many articles the words of a query occur, from memory.

import { LRUCache } from 'lru-cache'
import { MINUTE } from '../../../base/clock.ts'
import { entriesMax } from '../../../base/entries-max.ts'
import type { Db } from '../../database/database.ts'
import type { Query, Term } from '../query.ts'
import { RANKED_MAX } from '../weights.ts'
import { commonWordsFrom, docsOf } from './terms.sql.ts'

/** Cached counts of words; each is a hundred bytes. */
const WORDS_MAX = 20_000
/** The counts in the database change once an hour. */
const TTL_MS = 5 * MINUTE
/** Cached first characters of words: all that are common. */
const FIRSTS_MAX = 5_000
/** The words with one first character that nearly all of its occurrences are in. */
const COMMON_MAX = 20

export interface Counted {
  /** The query to look for: see `narrow`. */
  query: Query
  docsOf(term: Term): number
  /** No more articles than this have all these words, if the counts are right. Infinity: that is not known. */
  docsMax(terms: Term[]): number
}

export function createWordCounts({ db }: { db: Db }): (query: Query) => Promise<Counted> {
  const docs = new LRUCache<string, number>({ ...entriesMax(WORDS_MAX), ttl: TTL_MS })
  const common = new LRUCache<string, string[]>({
    ...entriesMax(FIRSTS_MAX),
    ttl: TTL_MS,
    async fetchMethod(first) {
      const words = await commonWordsFrom(db, first, COMMON_MAX)
      return words.reduce((sum, word) => sum + word.docs, 0) > RANKED_MAX ? words.map(({ term }) => term) : []
    },
  })

  /**
   * A character that very many words begin with (人) stands for the most frequent of them: an index would read the articles of
   * all these words before it knows that the newest suffice.
   */
  async function narrow(term: Term): Promise<Term> {
    if (!term.prefix || [...term.text].length > 1) return term
    const words = (await common.fetch(term.text)) ?? []
    return words.length > 0 ? { ...term, words, prefix: false } : term
  }

  return async typed => {
    const query = { ...typed, terms: await Promise.all(typed.terms.map(narrow)) }
    const unknown = [...new Set(query.terms.flatMap(term => term.words))].filter(word => !docs.has(word))
    if (unknown.length > 0) {
      const found = await docsOf(db, unknown)
      for (const word of unknown) docs.set(word, found.get(word) ?? 0)
    }
    const docsOfTerm = (term: Term) => term.words.reduce((sum, word) => sum + (docs.get(word) ?? 0), 0)
    return { query, docsOf: docsOfTerm, docsMax: terms => Math.min(...terms.map(term => mostOf(term, docsOfTerm(term)))) }
  }
}

/** What is counted are words. Not those that begin with it, nor the pieces of phrases; a new word is counted within the hour. */
const mostOf = (term: Term, docs: number) => (term.prefix || docs === 0 ? Number.POSITIVE_INFINITY : docs)
