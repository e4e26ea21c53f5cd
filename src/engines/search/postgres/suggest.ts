// Completes what the reader types: phrases with this prefix by characters, pinyin or initials; if there are none, phrases that
// sound the same, or differ by a mistake; then titles.

import type { Db } from '../../database/database.ts'
import { lettersOf, spell } from '../analysis/pinyin.ts'
import { distance, mistakesAllowed } from '../distance.ts'
import { keyOf } from '../keys.ts'
import type { Suggestions } from '../search.ts'
import type { Slot } from './entries.sql.ts'
import { type KeyRow, listKeysByPrefix, listSimilarKeys, listTitledByPrefix } from './phrases.sql.ts'

/** One phrase may have several keys with the same prefix, and several kinds. */
const KEYS_PER_PHRASE = 3
/** Candidates by trigrams, which are then compared letter by letter. */
const SIMILAR_MAX = 50
/** Shorter words are similar by chance. */
const SIMILAR_LENGTH_MIN = 4

export async function suggest(db: Db, slot: Slot, typed: string, limit: number): Promise<Suggestions> {
  const key = keyOf(typed)
  if (key === '') return { phrases: [], titled: [] }
  const letters = lettersOf(key)
  const found = new Map<string, string>()
  const add = (phrases: string[]) => {
    for (const phrase of phrases) if (found.size < limit && !found.has(keyOf(phrase))) found.set(keyOf(phrase), phrase)
  }
  add(await byPrefix(letters ?? key))
  // One syllable has too many homophones.
  const chinese = letters === undefined && [...key].length > 1 ? spell(key) : undefined
  if (found.size === 0 && chinese) add(await byPrefix(chinese.full))
  if (found.size === 0 && letters !== undefined && letters.length >= SIMILAR_LENGTH_MIN) add(await mistyped(letters))
  const titled = found.size < limit ? await listTitledByPrefix(db, slot, key, limit - found.size) : []
  return { phrases: [...found.values()], titled }

  async function mistyped(word: string): Promise<string[]> {
    const near = (await listSimilarKeys(db, word, SIMILAR_MAX)).filter(row => distance(row.key, word) <= mistakesAllowed(word))
    return phrasesOf(near.toSorted((a, b) => distance(a.key, word) - distance(b.key, word) || b.weight - a.weight))
  }

  async function byPrefix(prefix: string): Promise<string[]> {
    return phrasesOf(await listKeysByPrefix(db, prefix, limit * KEYS_PER_PHRASE))
  }
}

const phrasesOf = (rows: KeyRow[]) => rows.map(row => row.phrase)
