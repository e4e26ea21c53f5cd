// What readers may be about to type: phrases that begin so, by their characters, pinyin or initials; then those that sound the
// same; then those with a letter wrong; then titles.

import type { Db } from '../../database/database.ts'
import { lettersOf, spell } from '../analysis/pinyin.ts'
import { distance, mistakesIn } from '../distance.ts'
import { keyOf } from '../keys.ts'
import type { Slot } from './entries.sql.ts'
import { type KeyRow, keysByPrefix, similarKeys, titlesByPrefix } from './phrases.sql.ts'

/** One phrase may have several keys with the same prefix, and several kinds. */
const SPARE = 3
/** Compared letter by letter, after trigrams have chosen them. */
const ALIKE_MAX = 50
/** Shorter ones are alike by chance. */
const SIMILAR_MIN = 4

export async function suggest(db: Db, slot: Slot, typed: string, most: number): Promise<string[]> {
  const key = keyOf(typed)
  if (key === '') return []
  const letters = lettersOf(key)
  const found = new Map<string, string>()
  const add = (phrases: string[]) => {
    for (const phrase of phrases) if (found.size < most && !found.has(keyOf(phrase))) found.set(keyOf(phrase), phrase)
  }
  add(await byPrefix(letters ?? key))
  // One syllable sounds like too many words.
  const chinese = letters === undefined && [...key].length > 1 ? spell(key) : undefined
  if (found.size === 0 && chinese) add(await byPrefix(chinese.full))
  if (found.size === 0 && letters !== undefined && letters.length >= SIMILAR_MIN) add(await mistyped(letters))
  if (found.size < most) add(await titlesByPrefix(db, slot, key, most - found.size))
  return [...found.values()]

  async function mistyped(word: string): Promise<string[]> {
    const near = (await similarKeys(db, word, ALIKE_MAX)).filter(row => distance(row.key, word) <= mistakesIn(word))
    return phrasesOf(near.toSorted((a, b) => distance(a.key, word) - distance(b.key, word) || b.weight - a.weight))
  }

  async function byPrefix(prefix: string): Promise<string[]> {
    return phrasesOf(await keysByPrefix(db, prefix, most * SPARE))
  }
}

const phrasesOf = (rows: KeyRow[]) => rows.map(row => row.phrase)
