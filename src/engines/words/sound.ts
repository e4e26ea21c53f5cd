// How a folded text sounds: Chinese characters as pinyin without tones, Latin letters as they are. So homophones are equal, and
// so is pinyin itself.

import { loadLate } from '../../base/load-late.ts'
import { type Folded, isHan } from './fold.ts'

const HAN_FIRST = 0x4e00
const HAN_LAST = 0x9fff
const LETTERS_PER_SYLLABLE = 6 // zhuang

const library = () => loadLate<typeof import('pinyin-pro')>('pinyin-pro')

let readings: string[] | undefined

/** The most common reading of each character. Takes some hundred milliseconds, once. */
function createReadings(): string[] {
  const { pinyin } = library()
  const characters = Array.from({ length: HAN_LAST - HAN_FIRST + 1 }, (_, i) => String.fromCharCode(HAN_FIRST + i))
  return characters.map(character => pinyin(character, { toneType: 'none', v: true }).replace(/[^a-z]/g, ''))
}

const readingOf = (unit: number): string => {
  readings ??= createReadings()
  return readings[unit - HAN_FIRST] ?? ''
}

export interface Sounds {
  letters: Uint16Array
  /** The folded unit that each letter belongs to. */
  units: Int32Array
  length: number
}

let letters = new Uint16Array(4_096)
let owners = new Int32Array(4_096)

/** Like `fold`, the arrays belong to the next call. A unit without a sound is a letter that no pattern has. */
export function soundOf({ units, length }: Pick<Folded, 'units' | 'length'>): Sounds {
  if (letters.length < length * LETTERS_PER_SYLLABLE) {
    letters = new Uint16Array(2 * length * LETTERS_PER_SYLLABLE)
    owners = new Int32Array(letters.length)
  }
  let count = 0
  for (let i = 0; i < length; i++) {
    const unit = units[i] as number
    const reading = isHan(unit) ? readingOf(unit) : ''
    if (reading === '') {
      letters[count] = unit
      owners[count++] = i
      continue
    }
    for (let k = 0; k < reading.length; k++) {
      letters[count] = reading.charCodeAt(k)
      owners[count++] = i
    }
  }
  return { letters, units: owners, length: count }
}

/** How a word may sound: by the common reading of each character, and as it is read as a whole. */
export function soundsOfWord(folded: string): string[] {
  const byCharacter = [...folded]
    .map(character => (isHan(character.charCodeAt(0)) ? readingOf(character.charCodeAt(0)) : character))
    .join('')
  const asWhole = library()
    .pinyin(folded, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' })
    .join('')
    .replace(/[^a-z0-9]/g, '')
  return [...new Set([byCharacter, asWhole])].filter(sound => sound !== '')
}
