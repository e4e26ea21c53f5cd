// By which keys a phrase is suggested.

import { normalize } from './analysis/normalize.ts'
import { spell } from './analysis/pinyin.ts'
import type { Phrase } from './search.ts'

export interface Key {
  key: string
  way: 0 | 1 | 2
}

/** A longer text is a sentence, for which suggestions are of no use. */
export const KEY_MAX = 64
/** The contract's longest query: a phrase that is chosen becomes one. */
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
