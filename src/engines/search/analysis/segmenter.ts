// Segments Chinese with jieba and the operator's words, which may change at run time. The dictionary takes 0.2 s and 40 MB, so
// it is loaded on first use.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Jieba } from '@node-rs/jieba'

export interface Word {
  text: string
  at: number
  /** Shorter words of the dictionary inside it: search mode. */
  inner: { text: string; at: number }[]
}

export interface Segmenter {
  /** The words of a run of Chinese, in order, without gaps. */
  words(run: string): Word[]
  /** Replaces the operator's words, which complement the dictionary. */
  useWords(words: readonly string[]): void
}

// More than any word of the dictionary has, so that an operator's word is one word wherever it occurs.
const USER_FREQUENCY = 1_000_000

function load(words: readonly string[]): Jieba {
  const require = createRequire(import.meta.url)
  const library = require('@node-rs/jieba') as typeof import('@node-rs/jieba')
  // Read here: the module of the dictionary keeps it in memory, and a second table that is not used, eleven megabytes together.
  const loaded = library.Jieba.withDict(readFileSync(require.resolve('@node-rs/jieba/dict.txt')))
  if (words.length > 0) loaded.loadDict(Buffer.from(words.map(word => `${word} ${USER_FREQUENCY} n\n`).join('')))
  return loaded
}

/** The dictionary without words of an operator is the same for all segmenters of a process. */
let plain: Jieba | undefined

const dictionaryWith = (words: readonly string[]): Jieba => (words.length > 0 ? load(words) : (plain ??= load([])))

export function createSegmenter(): Segmenter {
  let jieba: Jieba | undefined
  let user: readonly string[] = []

  return {
    words(run) {
      jieba ??= dictionaryWith(user)
      const found: Word[] = []
      const search = jieba.cutForSearch(run, true)
      let next = 0
      let at = 0
      for (const text of jieba.cut(run, true)) {
        const inner: Word['inner'] = []
        // Search mode returns the parts of a word just before the word.
        let from = 0
        while (next < search.length && search[next] !== text) {
          const part = search[next++] as string
          const inside = text.indexOf(part, from)
          if (inside >= 0) inner.push({ text: part, at: at + inside })
          from = 0
        }
        next++
        found.push({ text, at, inner })
        at += text.length
      }
      return found
    },
    useWords(words) {
      if (words.length === user.length && words.every((word, i) => word === user[i])) return
      user = [...words]
      jieba = jieba && dictionaryWith(user)
    },
  }
}
