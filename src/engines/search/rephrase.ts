// What a reader may have meant who typed pinyin, initials or a mistake. Asked when nothing has all the words that were typed.

import type { Db } from '../database/database.ts'
import { normalize } from './analysis/normalize.ts'
import { lettersOf, spell } from './analysis/pinyin.ts'
import { distance, mistakesIn } from './distance.ts'
import { type KeyRow, keysNamed, similarKeys } from './postgres/phrases.sql.ts'

/** With more choices than these, the reader types on. */
const WAYS_MAX = 3
/** Each part is looked up by itself; longer queries are sentences. */
const PARTS_MAX = 4
/** Pinyin of a name of eight characters. */
const LETTERS_MAX = 48
const SYLLABLES_MAX = 24
const ALIKE_MAX = 50
const ALIKE_MIN = 4
/** Longer ones are sentences: they share trigrams with half of all keys and mean none of them. */
const ALIKE_LENGTH_MAX = 24

/** Other queries, likeliest first; none when what was typed may well be what was meant. */
export async function rephrase(db: Db, typed: string): Promise<string[]> {
  const parts = normalize(typed.replace(/\p{Cc}/gu, ' '))
    .split(/\s+/)
    .filter(Boolean)
  if (parts.length === 0 || parts.length > PARTS_MAX) return []
  const meant = await Promise.all(parts.map(part => meantBy(db, part)))
  if (meant.every(ways => ways.length === 0)) return []
  // The likeliest of each part together, then the others of the part that has most.
  const whole = (i: number) => parts.map((part, n) => meant[n]?.[Math.min(i, meant[n].length - 1)] ?? part).join(' ')
  const most = Math.max(...meant.map(ways => ways.length))
  return [...new Set(Array.from({ length: Math.min(most, WAYS_MAX) }, (_, i) => whole(i)))]
}

async function meantBy(db: Db, part: string): Promise<string[]> {
  const letters = lettersOf(part)
  if (letters !== undefined) return letters.length > LETTERS_MAX ? [] : meantByLetters(db, letters)
  const spelled = spell(part)
  if (!spelled || spelled.full.length > LETTERS_MAX) return []
  const same = heaviest((await keysNamed(db, [spelled.full], [1])).filter(row => row.phrase !== part))
  if (same.length > 0) return same
  return alike(db, spelled.full, row => row.phrase !== part)
}

async function meantByLetters(db: Db, letters: string): Promise<string[]> {
  const pieces: string[] = []
  for (let from = 0; from < letters.length; from++)
    for (let to = from + 2; to <= Math.min(letters.length, from + SYLLABLES_MAX); to++) pieces.push(letters.slice(from, to))
  const rows = await keysNamed(db, pieces, [1, 2])
  const spelled = segmented(
    letters,
    rows.filter(row => row.way === 1),
  )
  const initials = heaviest(rows.filter(row => row.way === 2 && row.key === letters))
  const found = [...new Set([...spelled, ...initials])]
  return found.length > 0 ? found : alike(db, letters, () => true)
}

/** The fewest words that spell it all, the heaviest of each. */
function segmented(letters: string, rows: KeyRow[]): string[] {
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
  return [words.map(ways => ways[0]).join(' ')]
}

async function alike(db: Db, word: string, wanted: (row: KeyRow) => boolean): Promise<string[]> {
  if (word.length < ALIKE_MIN || word.length > ALIKE_LENGTH_MAX) return []
  // Short words with two letters exchanged share hardly a trigram, so these are asked for by name.
  const swapped = Array.from({ length: word.length - 1 }, (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2))
  const exchanged = heaviest((await keysNamed(db, swapped, [0, 1])).filter(wanted))
  if (exchanged.length > 0) return exchanged
  const rows = (await similarKeys(db, word, ALIKE_MAX)).filter(row => wanted(row) && distance(row.key, word) <= mistakesIn(word))
  const least = Math.min(...rows.map(row => distance(row.key, word)))
  return heaviest(rows.filter(row => distance(row.key, word) === least))
}

function heaviest(rows: KeyRow[]): string[] {
  const phrases = rows.toSorted((a, b) => b.weight - a.weight || (a.phrase < b.phrase ? -1 : 1)).map(row => row.phrase)
  return [...new Set(phrases)].slice(0, WAYS_MAX)
}
