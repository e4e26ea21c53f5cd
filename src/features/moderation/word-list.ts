// The sensitive words of this process. The change log says when to read them again; until then the old list holds.

import type { Change } from '../../base/change.ts'
import type { Log } from '../../base/log.ts'
import type { Db } from '../../engines/database/database.ts'
import { createWordMatcher, type WordMatcher } from '../../engines/words/word-matcher.ts'
import type { WordAction } from './words.schema.ts'
import { readWords } from './words.sql.ts'

export interface ListedWord {
  id: number
  word: string
  action: WordAction
}

export interface LoadedWords {
  words: readonly ListedWord[]
  matcher: WordMatcher
}

export type WordList = ReturnType<typeof createWordList>

export function createWordList({ db, log }: { db: Db; log: Log }) {
  let current: Promise<LoadedWords> | undefined
  let isReading = false
  let isStale = false

  async function load(): Promise<LoadedWords> {
    const words = await readWords(db)
    return { words, matcher: createWordMatcher(words.map(({ word, by_sound }) => ({ word, bySound: by_sound }))) }
  }

  /** One reading at a time; a change during it leads to another. */
  async function reload(): Promise<void> {
    isStale = true
    if (isReading) return
    isReading = true
    try {
      while (isStale) {
        isStale = false
        const loaded = await load()
        current = Promise.resolve(loaded)
      }
    } catch (err) {
      current = undefined // the next text that is checked reads the list, or is refused
      log.warn({ err: (err as Error).message }, 'sensitive words were not read')
    } finally {
      isReading = false
    }
  }

  return {
    get(): Promise<LoadedWords> {
      if (current) return current
      const loading = load()
      current = loading
      loading.catch(() => {
        if (current === loading) current = undefined
      })
      return loading
    },

    applyChanges(changes: readonly Change[]): void {
      if (current && changes.some(change => change.topic === 'sensitive_word')) void reload()
    },

    clear(): void {
      if (current) void reload()
    },
  }
}
