// Finds what a reader may have meant by pinyin, initials or a mistake. Used when no article has all typed words.

import type { Db } from '../database/database.ts'
import { normalize } from './analysis/normalize.ts'
import { lettersOf, spell } from './analysis/pinyin.ts'
import { distance, mistakesAllowed } from './distance.ts'
import { type KeyRow, listKeys, listSimilarKeys } from './postgres/phrases.sql.ts'
import { EXCLUDES } from './query.ts'

/** More alternatives do not help: the reader types on. */
const CHOICES_MAX = 3
/** Each part is looked up separately; longer queries are sentences. */
const PARTS_MAX = 4
/** Pinyin of a name of eight characters. */
const LETTERS_MAX = 48
const SYLLABLES_MAX = 24
const SIMILAR_MAX = 50
const SIMILAR_LENGTH_MIN = 4
/** Longer words share trigrams with half of all keys. */
const SIMILAR_LENGTH_MAX = 24

/** Other queries, likeliest first. Empty if the reader probably meant what they typed. */
export async function rephrase(db: Db, typed: string): Promise<string[]> {
  const parts = normalize(typed.replace(/\p{Cc}/gu, ' '))
    .split(/\s+/)
    .filter(Boolean)
  if (parts.length === 0 || parts.length > PARTS_MAX) return []
  const choices = await Promise.all(parts.map(part => correctPart(db, part)))
  if (choices.every(each => each.length === 0)) return []
  // First the likeliest choice of each part, then the second one, and so on.
  const combine = (i: number) => parts.map((part, n) => choices[n]?.[Math.min(i, choices[n].length - 1)] ?? part).join(' ')
  const count = Math.max(...choices.map(each => each.length))
  return [...new Set(Array.from({ length: Math.min(count, CHOICES_MAX) }, (_, i) => combine(i)))]
}

/** What is excluded stays excluded. */
async function correctPart(db: Db, part: string): Promise<string[]> {
  if (EXCLUDES.test(part)) return []
  const letters = lettersOf(part)
  if (letters !== undefined) return letters.length > LETTERS_MAX ? [] : correctLetters(db, letters)
  const spelled = spell(part)
  if (!spelled || spelled.full.length > LETTERS_MAX) return []
  const same = heaviest((await listKeys(db, [spelled.full], [1])).filter(row => row.phrase !== part))
  if (same.length > 0) return same
  return findSimilar(db, spelled.full, row => row.phrase !== part)
}

async function correctLetters(db: Db, letters: string): Promise<string[]> {
  const pieces: string[] = []
  for (let from = 0; from < letters.length; from++)
    for (let to = from + 2; to <= Math.min(letters.length, from + SYLLABLES_MAX); to++) pieces.push(letters.slice(from, to))
  const rows = await listKeys(db, pieces, [1, 2])
  const spelled = segmentLetters(
    letters,
    rows.filter(row => row.way === 1),
  )
  const initials = heaviest(rows.filter(row => row.way === 2 && row.key === letters))
  const found = [...new Set([...spelled, ...initials])]
  return found.length > 0 ? found : findSimilar(db, letters, () => true)
}

/** The fewest words that together spell `letters`, of each the heaviest. */
function segmentLetters(letters: string, rows: KeyRow[]): string[] {
  const named = Map.groupBy(rows, row => row.key)
  const best: ({ words: string[][]; weight: number } | undefined)[] = [{ words: [], weight: 0 }]
  for (let to = 1; to <= letters.length; to++)
    for (let from = Math.max(0, to - SYLLABLES_MAX); from < to; from++) {
      const before = best[from]
      const here = named.get(letters.slice(from, to))
      if (!before || !here) continue
      const phrases = heaviest(here)
      const weight = before.weight + Math.max(...here.map(row => row.weight))
      const known = best[to]
      const fewer = known && before.words.length + 1 < known.words.length
      const heavier = known && before.words.length + 1 === known.words.length && weight > known.weight
      if (!known || fewer || heavier) best[to] = { words: [...before.words, phrases], weight }
    }
  const words = best[letters.length]?.words
  if (!words || words.length > PARTS_MAX) return []
  if (words.length === 1) return words[0] as string[]
  return [words.map(choices => choices[0]).join(' ')]
}

async function findSimilar(db: Db, word: string, wanted: (row: KeyRow) => boolean): Promise<string[]> {
  if (word.length < SIMILAR_LENGTH_MIN || word.length > SIMILAR_LENGTH_MAX) return []
  // Short words with two exchanged letters share hardly a trigram, so every exchange is looked up.
  const swapped = Array.from({ length: word.length - 1 }, (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2))
  const exchanged = heaviest((await listKeys(db, swapped, [0, 1])).filter(wanted))
  if (exchanged.length > 0) return exchanged
  const rows = (await listSimilarKeys(db, word, SIMILAR_MAX)).filter(row => wanted(row) && distance(row.key, word) <= mistakesAllowed(word))
  const least = Math.min(...rows.map(row => distance(row.key, word)))
  return heaviest(rows.filter(row => distance(row.key, word) === least))
}

function heaviest(rows: KeyRow[]): string[] {
  const phrases = rows.toSorted((a, b) => b.weight - a.weight || (a.phrase < b.phrase ? -1 : 1)).map(row => row.phrase)
  return [...new Set(phrases)].slice(0, CHOICES_MAX)
}
