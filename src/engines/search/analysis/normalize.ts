// Normalises text for comparing: half-width, lower case, simplified characters. Index and query use the same function.

import { Converter } from 'opencc-js/t2cn'

export interface Normalized {
  text: string
  /** For each UTF-16 unit of `text`, where the character it was made from begins in the original. */
  origins: number[]
}

let convert: ReturnType<typeof Converter> | undefined

/**
 * From the characters of Hong Kong, which include those of Taiwan. Only single characters are converted, so the length stays. The first
 * call reads the dictionary.
 */
function simplify(text: string): string {
  convert ??= Converter({ from: 'hk', to: 'cn' })
  return convert(text)
}

/** Texts in which each character becomes one character, so positions do not change. */
const PLAIN = /^[\x20-\x7e\u4e00-\u9fff]*$/

export function normalize(typed: string): string {
  const text = typed.toWellFormed().normalize('NFKC').toLowerCase()
  return simplify(text)
}

/** Like `normalize`, and also maps each position back to the original text. Highlights need that. */
export function normalizeWithOrigins(typed: string): Normalized {
  const whole = typed.toWellFormed()
  if (PLAIN.test(whole)) {
    const text = simplify(whole.toLowerCase())
    if (text.length === whole.length) return { text, origins: Array.from(whole, (_, i) => i) }
  }
  let text = ''
  const origins: number[] = []
  let at = 0
  for (const character of whole) {
    const one = simplify(character.normalize('NFKC').toLowerCase())
    for (let i = 0; i < one.length; i++) origins.push(at)
    text += one
    at += character.length
  }
  return { text, origins }
}
