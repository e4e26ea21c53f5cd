// Folds text so that spellings which look alike become equal: width, case, accents, traditional characters, letters of other
// alphabets, digits for letters. Whatever is neither a letter nor a digit is left out. Each unit knows where it came from.

import { Converter } from 'opencc-js/t2cn'

/** The first `length` units are in use. The arrays belong to the next call as soon as it is made. */
export interface Folded {
  units: Uint16Array
  /** Where each unit's character begins in the original. */
  origins: Int32Array
  length: number
}

/** Letters of other alphabets that look like Latin ones. */
const LOOKALIKES = new Map(
  Object.entries({
    a: 'аα',
    b: 'вβ',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еε',
    g: 'ɡց',
    h: 'нһη',
    i: 'іιı',
    j: 'ј',
    k: 'кκ',
    l: 'ӏⅼ',
    m: 'мμ',
    n: 'пո',
    o: 'оοσ',
    p: 'рρ',
    q: 'ԛ',
    r: 'г',
    s: 'ѕ',
    t: 'тτ',
    u: 'υս',
    v: 'νѵ',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγ',
    z: 'ᴢ',
  }).flatMap(([latin, others]) => [...others].map(other => [other, latin] as const)),
)
/** Digits beside a letter that stand for a letter, and signs between two letters. */
const DIGIT_LETTERS = new Map([...'013457'].map((digit, i) => [digit.charCodeAt(0), 'oieast'.charCodeAt(i)]))
const SIGN_LETTERS = new Map([...'@$!'].map((sign, i) => [sign.charCodeAt(0), 'asi'.charCodeAt(i)]))

const [HAN_FIRST, HAN_LAST] = [0x3400, 0x9fff]
const [HANGUL_FIRST, HANGUL_LAST] = [0xac00, 0xd7a3]
const simplify = Converter({ from: 'hk', to: 'cn' })

export const isLatin = (unit: number) => (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57)
export const isHan = (unit: number) => unit >= HAN_FIRST && unit <= HAN_LAST
const isLetterAt = (text: string, at: number) => /^[a-z]$/i.test(text[at] ?? '')

/** What a character becomes: some letters and digits, or nothing. */
function foldCharacter(character: string): string {
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase()
  const folded = [...plain].map(one => LOOKALIKES.get(one) ?? (isHan(one.charCodeAt(0)) ? simplify(one) : one)).join('')
  return folded.replace(/[^\p{L}\p{N}]/gu, '')
}

interface Table {
  /** By unit of the original: what it becomes, or 0. */
  single: Uint16Array
  /** Characters that become several units, or that are two. */
  several: Map<number, string>
}

let table: Table | undefined

/** Takes a tenth of a second, once. */
function createTable(): Table {
  const single = new Uint16Array(65_536)
  const several = new Map<number, string>()
  const han = Array.from({ length: HAN_LAST - HAN_FIRST + 1 }, (_, i) => String.fromCharCode(HAN_FIRST + i)).join('')
  const simplified = simplify(han)
  for (let unit = 0; unit < 65_536; unit++) {
    if (unit >= 0xd800 && unit < 0xf900) continue // halves of pairs, and the private use area
    if (unit >= HANGUL_FIRST && unit <= HANGUL_LAST) {
      single[unit] = unit
      continue
    }
    if (isHan(unit) && simplified.length === han.length) {
      single[unit] = simplified.charCodeAt(unit - HAN_FIRST)
      continue
    }
    const folded = foldCharacter(String.fromCharCode(unit))
    if (folded.length === 1) single[unit] = folded.charCodeAt(0)
    else if (folded !== '') several.set(unit, folded)
  }
  return { single, several }
}

let units = new Uint16Array(4_096)
let origins = new Int32Array(4_096)

/** A character becomes at most so many units: the longest is one of Arabic calligraphy. */
const UNITS_PER_CHARACTER = 18

export function fold(text: string): Folded {
  table ??= createTable()
  const { single, several } = table
  // Most characters become one unit. The rare others check for themselves whether they fit.
  if (units.length < text.length + UNITS_PER_CHARACTER) grow(2 * (text.length + UNITS_PER_CHARACTER))
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const folded = single[unit] as number
    if (folded !== 0) {
      units[length] = folded
      origins[length++] = at
      continue
    }
    let expansion = several.get(unit)
    const sign = expansion === undefined ? SIGN_LETTERS.get(unit) : undefined
    if (sign !== undefined && isLetterAt(text, at - 1) && isLetterAt(text, at + 1)) expansion = String.fromCharCode(sign)
    const isPair = unit >= 0xd800 && unit < 0xdc00
    if (isPair) expansion = foldPair(several, text.codePointAt(at) as number)
    if (expansion) {
      if (units.length < length + expansion.length + text.length - at) grow(2 * units.length + expansion.length)
      for (let i = 0; i < expansion.length; i++) {
        units[length] = expansion.charCodeAt(i)
        origins[length++] = at
      }
    }
    if (isPair) at++
  }
  foldDigits(length)
  return { units, origins, length }
}

const PAIRS_MAX = 10_000

function foldPair(several: Map<number, string>, codePoint: number): string {
  let folded = several.get(codePoint)
  if (folded === undefined) {
    folded = letterInBox(codePoint) ?? foldCharacter(String.fromCodePoint(codePoint))
    if (several.size < PAIRS_MAX) several.set(codePoint, folded)
  }
  return folded
}

/** Where the alphabets begin whose letters stand white in a circle or a box, or for half a flag. Unicode relates them to no letter. */
const BOXED_ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6]

function letterInBox(codePoint: number): string | undefined {
  const first = BOXED_ALPHABETS.find(start => codePoint >= start && codePoint < start + 26)
  return first === undefined ? undefined : String.fromCharCode(97 + codePoint - first)
}

/** A digit is a letter where a letter stands beside it: `s3x`, but not `2024`. */
function foldDigits(length: number): void {
  const isLetter = (i: number) => i >= 0 && i < length && (units[i] as number) >= 97 && (units[i] as number) <= 122
  for (let i = 0; i < length; i++) {
    const unit = units[i] as number
    if (unit < 48 || unit > 57 || !(isLetter(i - 1) || isLetter(i + 1))) continue
    units[i] = DIGIT_LETTERS.get(unit) ?? unit
  }
}

function grow(size: number): void {
  const [biggerUnits, biggerOrigins] = [new Uint16Array(size), new Int32Array(size)]
  biggerUnits.set(units)
  biggerOrigins.set(origins)
  units = biggerUnits
  origins = biggerOrigins
}

/** As text, for comparing and for people. */
export function foldedText(text: string): string {
  const folded = fold(text)
  let result = ''
  for (let i = 0; i < folded.length; i++) result += String.fromCharCode(folded.units[i] as number)
  return result
}
