// Normalises text that readers typed, before it is stored. Control characters go: PostgreSQL refuses NUL. So do those that show text
// in another order than it is stored. The length is checked first: NFC takes eleven seconds for 200 KB of accents on one letter,
// because it sorts them.

import { invalid } from './problem.ts'

/** How many times longer than the stored text the typed one may be. A letter has up to four code points when it is decomposed. */
const TYPED_FACTOR = 4

/** The most code points that are typed for `max` stored ones. */
export const typedLengthMax = (max: number) => TYPED_FACTOR * max

/** Text of several lines, of at most `max` characters. */
export function normalizeText(field: string, typed: string, max: number): string {
  const isTooLong = () => invalid(`${field} must have at most ${max} characters`, { field })
  if (isLonger(typed, typedLengthMax(max))) throw isTooLong()
  const text = clean(typed)
  if (isLonger(text, max)) throw isTooLong()
  return text
}

/** Text of one line, such as a name, of `min` to `max` characters. Without invisible characters, which could make two names look the same. */
export function normalizeLine(field: string, typed: string, max: number, min = 1): string {
  const isWrong = () => invalid(`${field} must have ${min} to ${max} characters`, { field })
  if (isLonger(typed, typedLengthMax(max))) throw isWrong()
  const line = withoutHidden(clean(typed).replace(/\s+/g, ' ')).normalize('NFC').replace(/ +/g, ' ').trim()
  if (isBlank(line) || isLonger(line, max) || !isLonger(line, min - 1)) throw isWrong()
  return line
}

/** Scripts that write joiners between their letters: Arabic, as in Persian, and those of India. */
const JOINING = ['Arab', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh']
  .map(name => `\\p{sc=${name}}`)
  .join('')
/** Invisible characters that change what is shown, in the places where they do. */
const SHOWN = [
  '(?<=\\u{1F3F4})[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}]{1,6}\\u{E007F}', // the flag of England
  '(?<=[\\p{Emoji}--[0-9#*]])\\uFE0F', // a coloured sign
  '(?<=[\\p{Extended_Pictographic}\\p{EMod}]\\uFE0F?)\\u200D(?=\\p{Extended_Pictographic})', // an astronaut
  `(?<=[${JOINING}])[\\u200C\\u200D](?=[${JOINING}])`,
]
/** The braille blank has a code of its own, and no dots. */
const HIDDEN = new RegExp(`(${SHOWN.join('|')})|[\\p{Default_Ignorable_Code_Point}\\p{Cf}\\u2800]`, 'gv')

const withoutHidden = (line: string) => line.replace(HIDDEN, (_, shown: string | undefined) => shown ?? '')

/** Nor with embeddings, overrides and isolates, with which a text can turn around what stands beside it. */
export const withoutControls = (text: string) => text.replace(/[[\p{Cc}--[\n\t]]\u202A-\u202E\u2066-\u2069]/gv, '')

const clean = (typed: string) => withoutControls(typed.toWellFormed().replace(/\r\n?/g, '\n')).trim()

/** PostgreSQL stores neither NUL nor lone surrogates. */
export function assertStorable(field: string, value: string): string {
  if (value.includes('\0')) throw invalid(`${field}: contains a NUL character`)
  assertWellFormed(`${field}:`, value)
  return value
}

/** PostgreSQL would refuse it, or store U+FFFD in its place for ever. `what` contains it. */
export function assertWellFormed(what: string, value: string): void {
  if (!value.isWellFormed()) throw invalid(`${what} contains half a character (a lone surrogate)`)
}

/** True for text without a visible character. An accent needs a letter that carries it. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}\p{Mn}\p{Me}\u2800]*$/u.test(text)
}

/** Whether text has more than `max` Unicode code points, as PostgreSQL counts. Reads no more than it has to. */
export function isLonger(text: string, max: number): boolean {
  if (text.length <= max || text.length > 2 * max) return text.length > max
  let length = 0
  for (const _ of text) length++
  return length > max
}
