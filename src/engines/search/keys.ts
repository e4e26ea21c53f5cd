// The keys of a phrase: what a reader may type to get it suggested.

import { normalize } from './analysis/normalize.ts'
import { spell } from './analysis/pinyin.ts'
import type { Phrase } from './search.ts'

export interface Key {
  key: string
  /** 0 the characters themselves, 1 full pinyin, 2 the initials of the pinyin. */
  way: 0 | 1 | 2
}

/** Longer texts are sentences, which are not suggested. */
export const KEY_MAX = 64
/** The contract's longest query: a chosen phrase becomes a query. */
export const PHRASE_MAX = 50

export function keyOf(text: string): string {
  return normalize(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

export function keysOf({ text }: Pick<Phrase, 'text'>): Key[] {
  const key = keyOf(text)
  const spelled = spell(key)
  const keys: Key[] = [{ key, way: 0 }]
  if (spelled) keys.push({ key: spelled.full, way: 1 }, { key: spelled.initials, way: 2 })
  return keys.filter(each => each.key.length > 0 && each.key.length <= KEY_MAX)
}
