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
  /** No more articles than this have all its words and phrases, if the counts are right. */
  docsMax: number
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
    const pieces = query.phrases.flatMap(phrase => phrase.lexemes.map(one => one.text))
    const unknown = [...new Set([...query.terms.flatMap(term => term.words), ...pieces])].filter(word => !docs.has(word))
    if (unknown.length > 0) {
      const found = await docsOf(db, unknown)
      for (const word of unknown) docs.set(word, found.get(word) ?? 0)
    }
    const docsOfTerm = (term: Term) => term.words.reduce((sum, word) => sum + (docs.get(word) ?? 0), 0)
    // Only pieces that are words are counted.
    const counted = [...query.terms.map(docsOfTerm), ...pieces.map(piece => docs.get(piece) ?? 0).filter(count => count > 0)]
    return { query, docsOf: docsOfTerm, docsMax: counted.length > 0 ? Math.min(...counted) : 0 }
  }
}
