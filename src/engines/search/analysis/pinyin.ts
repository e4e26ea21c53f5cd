// How Chinese is typed on a Latin keyboard: whole syllables or their first letters.

import { loadLate } from '../../../base/load-late.ts'

export interface Spelled {
  /** huaweishouji */
  full: string
  /** hwsj */
  initials: string
}

const HAN = /\p{sc=Han}/u

/** Undefined for text without Chinese characters. Letters and digits stay as they are, spaces go. */
export function spell(normalized: string): Spelled | undefined {
  if (!HAN.test(normalized)) return undefined
  const { pinyin } = loadLate<typeof import('pinyin-pro')>('pinyin-pro')
  let full = ''
  let initials = ''
  for (const part of pinyin(normalized, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' })) {
    const letters = part.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
    full += letters
    // Other text is typed in full in both: iphone手机 → iphonesj.
    initials += normalized.includes(letters) ? letters : (letters[0] ?? '')
  }
  return { full, initials }
}

/** Latin letters only, which may be pinyin. Apostrophes and spaces between syllables go. */
export function lettersOf(normalized: string): string | undefined {
  const letters = normalized.replace(/[\s']+/g, '')
  return /^[a-z]+$/.test(letters) ? letters : undefined
}
