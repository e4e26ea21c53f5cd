// Collects phrases from titles, for suggestions and corrections: words, frequent neighbouring words, and the names of works
// between 《 and 》.

import { normalize } from './analysis/normalize.ts'
import { runsOf } from './analysis/runs.ts'
import type { Segmenter } from './analysis/segmenter.ts'
import { isStopWord } from './analysis/stop-words.ts'
import { PHRASE_MAX } from './keys.ts'
import type { Phrase, PhraseKind } from './search.ts'
import { PHRASE_WEIGHTS } from './weights.ts'

/** In fewer titles words are neighbours by chance. */
const PAIR_DOCS_MIN = 3
const PAIR_WORDS_MAX = 3
/** The most frequent ones. Pairs grow with the collection, words hardly; a mistyped query is compared with all. */
const PAIRS_MAX = 30_000
/** Longer phrases are sentences. */
const PAIR_LENGTH_MAX = 12
const WORK = /《([^《》]{2,20})》/g

export interface Learning {
  add(title: string): void
  phrases(): Phrase[]
}

export function createLearning(segmenter: Segmenter, pairsMax = PAIRS_MAX): Learning {
  const words = new Map<string, number>()
  const pairs = new Map<string, number>()
  const works = new Map<string, number>()
  const count = (all: Map<string, number>, found: Set<string>) => {
    for (const text of found) all.set(text, (all.get(text) ?? 0) + 1)
  }
  return {
    add(title) {
      const text = normalize(title)
      count(works, new Set([...text.matchAll(WORK)].map(match => (match[1] as string).trim()).filter(work => work.length >= 2)))
      const [single, joined] = [new Set<string>(), new Set<string>()]
      for (const run of runsOf(text)) {
        const found = run.kind === 'word' ? [{ text: run.text }] : segmenter.words(run.text)
        found.forEach(({ text: word }, i) => {
          if (!isMeaningful(word)) return
          if ([...word].length > 1) single.add(word)
          let together = word
          for (let n = 1; n < PAIR_WORDS_MAX && found[i + n]; n++) {
            together += (found[i + n] as { text: string }).text
            if (together.length <= PAIR_LENGTH_MAX && isMeaningful((found[i + n] as { text: string }).text)) joined.add(together)
          }
        })
      }
      count(words, single)
      count(pairs, joined)
    },
    phrases: () => [
      ...weighed(works, 'keyword', 1),
      ...weighed(words, 'word', 1),
      ...weighed(pairs, 'pair', PAIR_DOCS_MIN)
        .toSorted((a, b) => b.weight - a.weight)
        .slice(0, pairsMax),
    ],
  }
}

const isMeaningful = (word: string) => !isStopWord(word) && !/^[\d.]+$/.test(word)

export function weighed(counted: Map<string, number>, kind: PhraseKind, docsMin: number): Phrase[] {
  return [...counted]
    .filter(([text, docs]) => docs >= docsMin && text.length <= PHRASE_MAX)
    .map(([text, docs]) => ({ text, kind, weight: PHRASE_WEIGHTS[kind] * Math.log(1 + docs) }))
}
