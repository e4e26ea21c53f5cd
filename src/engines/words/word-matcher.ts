// Finds words in text however they are disguised: fold.ts says which spellings are equal, gaps.ts what may stand between letters.

import { createAutomaton } from './automaton.ts'
import { type Folded, fold, foldedText, isHan, isLatin } from './fold.ts'
import { type Gap, gapIn, isOneWord } from './gaps.ts'
import { soundOf, soundsOfWord } from './sound.ts'

export interface WordToFind {
  word: string
  /** Also find what sounds the same: homophones, and the word in pinyin. */
  bySound: boolean
}

export interface WordMatch {
  /** The index of the word. */
  word: number
  /** Where it stands in the text; `to` is excluded. */
  from: number
  to: number
}

export interface WordMatcher {
  /** All matches, by where they begin. Matches may overlap. */
  find(text: string): WordMatch[]
}

export function createWordMatcher(words: readonly WordToFind[]): WordMatcher {
  const spellings = groupBySpelling(words, ({ word }) => [foldedText(word)])
  const sounds = groupBySpelling(words, ({ word, bySound }) => (bySound ? soundsOfWord(foldedText(word)) : []))
  const lengths = words.map(({ word }) => foldedText(word).length)
  const ownGaps = words.map(({ word }) => gapsWithin(word))
  const bySpelling = createAutomaton(spellings.patterns)
  const bySound = sounds.patterns.length > 0 ? createAutomaton(sounds.patterns) : undefined

  return {
    find(text) {
      const folded = fold(text)
      const found = new Map<string, WordMatch>()
      const add = (indexes: readonly number[], first: number, last: number, isSound: boolean) => {
        const gaps = gapsAt(text, folded, first, last, isSound)
        if (!gaps) return
        const isLatinWord = folded.units.subarray(first, last + 1).every(isLatin)
        const plain = isOneWord(gaps, isLatinWord)
        const from = folded.origins[first] as number
        const to = endOf(text, folded.origins[last] as number)
        for (const word of indexes) {
          const own = isSound ? undefined : ownGaps[word]
          if (plain || (own && isOneWord(withoutOwn(gaps, own), isLatinWord))) found.set(`${word} ${from}`, { word, from, to })
        }
      }
      bySpelling.scan(folded.units, folded.length, (pattern, end) => {
        const length = (spellings.patterns[pattern] as string).length
        add(spellings.words[pattern] as number[], end - length + 1, end, false)
      })
      if (bySound) {
        const { letters, units, length } = soundOf(folded)
        bySound.scan(letters, length, (pattern, end) => {
          const start = end - (sounds.patterns[pattern] as string).length + 1
          const [first, last] = [units[start] as number, units[end] as number]
          // A syllable is heard as a whole.
          if ((start > 0 && units[start - 1] === first) || (end + 1 < length && units[end + 1] === last)) return
          const indexes = sounds.words[pattern] as number[]
          // As many characters as the word has: `fa pi ao` is not `fa piao`.
          const count = countHan(folded, first, last)
          add(count === last - first + 1 ? indexes.filter(index => lengths[index] === count) : indexes, first, last, true)
        })
      }
      return [...found.values()].toSorted((a, b) => a.from - b.from || a.to - b.to)
    },
  }
}

function countHan({ units }: Folded, first: number, last: number): number {
  let count = 0
  for (let i = first; i <= last; i++) if (isHan(units[i] as number)) count++
  return count
}

/** Words of the same spelling have one pattern. */
function groupBySpelling(words: readonly WordToFind[], spell: (word: WordToFind) => string[]) {
  const byPattern = new Map<string, number[]>()
  for (const [index, word] of words.entries())
    for (const pattern of spell(word)) if (pattern !== '') byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), index])
  return { patterns: [...byPattern.keys()], words: [...byPattern.values()] }
}

function gapAfter(text: string, { origins }: Folded, i: number): Gap {
  const [here, there] = [origins[i] as number, origins[i + 1] as number]
  return here === there ? 'none' : gapIn(text.slice(endOf(text, here), there))
}

/** What stands between the letters of a word as it was written, such as the space of `free money`; undefined if nothing does. */
function gapsWithin(word: string): Gap[] | undefined {
  const folded = fold(word)
  const gaps = Array.from({ length: Math.max(0, folded.length - 1) }, (_, i) => gapAfter(word, folded, i))
  return gaps.some(gap => gap !== 'none') ? gaps : undefined
}

const withoutOwn = (gaps: Gap[], own: Gap[]): Gap[] => gaps.map((gap, i) => (gap === own[i] ? 'none' : gap))

/** What stands between the letters from `first` to `last`; undefined if a longer Latin word contains them. */
function gapsAt(text: string, folded: Folded, first: number, last: number, isSound: boolean): Gap[] | undefined {
  const { units, length } = folded
  const isLatinAt = (i: number) => isLatin(units[i] as number)
  const continues = (i: number) => i >= 0 && i + 1 < length && isLatinAt(i) && isLatinAt(i + 1) && gapAfter(text, folded, i) === 'none'
  if (continues(first - 1) || continues(last)) return undefined
  const gaps: Gap[] = []
  // Pinyin is written with spaces between its syllables.
  for (let i = first; i < last; i++) gaps.push(isSound && isLatinAt(i) && isLatinAt(i + 1) ? 'none' : gapAfter(text, folded, i))
  return gaps
}

/** Where the character at `at` ends. */
const endOf = (text: string, at: number) => at + ((text.codePointAt(at) as number) > 0xffff ? 2 : 1)
