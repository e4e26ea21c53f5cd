// What stands between the letters of a match. `f.u.c.k` is one word, and `as simple` is not the word between its letters.

const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}\u2800]*$/u
const SPACE = /\s/u
/** Marks that end a sentence or part of one. */
const SENTENCE = /[,.!?;:，。！？；：、…"“”‘’「」『』《》〈〉()（）【】[\]\n]/u

export type Gap = 'none' | 'sign' | 'space' | 'sentence'

export function gapIn(between: string): Gap {
  if (between === '' || INVISIBLE.test(between)) return 'none'
  if (SENTENCE.test(between)) return 'sentence'
  return SPACE.test(between) ? 'space' : 'sign'
}

/**
 * Whether letters with these gaps between them are meant as one word. They are if there is something between all of them, as in
 * `f.u.c.k`, or in few places something that no sentence has there, as in `法*轮功`.
 */
export function isOneWord(gaps: readonly Gap[], isLatinWord: boolean): boolean {
  const kinds = gaps.filter(gap => gap !== 'none')
  if (kinds.length === 0) return true
  const between = kinds.length === gaps.length
  if (between && gaps.length > 1) return true
  if (kinds.includes('sentence')) return false
  // A space ends a word in Latin writing. In Chinese, headlines have spaces between sentences: two characters may meet there.
  if (kinds.includes('space')) return !isLatinWord && gaps.length > 1
  return true
}
