// The language of the interface, Chinese or English, and the language of a text.

import { permanentStorage } from './storage.ts'

type Language = 'zh-CN' | 'en'

/** The browser's, until the reader chooses the other one. */
export const LANGUAGE: Language =
  permanentStorage.get<Language>('language') ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en')

export const OTHER_LANGUAGE: Language = LANGUAGE === 'en' ? 'zh-CN' : 'en'

/** The words of the interface; both must have the same keys. */
export const translate = <Words>(zh: Words, en: Words): Words => (LANGUAGE === 'en' ? en : zh)

/** The first that occurs decides: Japanese also has Chinese characters, and all have Latin names. */
const SCRIPTS: [string, RegExp][] = [
  ['ja', /[\p{sc=Hira}\p{sc=Kana}]/u],
  ['ko', /\p{sc=Hang}/u],
  ['zh-CN', /\p{sc=Han}/u],
  ['ar', /\p{sc=Arab}/u],
  ['he', /\p{sc=Hebr}/u],
  ['ru', /\p{sc=Cyrl}/u],
  ['el', /\p{sc=Grek}/u],
  ['hi', /\p{sc=Deva}/u],
  ['th', /\p{sc=Thai}/u],
  ['en', /\p{sc=Latn}/u],
]

/** The commonest language of a text's script: it decides on typeface, line breaks and the voice of screen readers. */
export const languageOf = (text: string): string | undefined => SCRIPTS.find(([, letters]) => letters.test(text))?.[0]

/** For an element that shows what people wrote. Its direction is that of its first letter, whatever that of the page is. */
export const textAttributes = (text: string | undefined) => ({ lang: languageOf(text ?? ''), dir: 'auto' as const })

const FROM_RIGHT = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}]/u

/** A name within a sentence: in marks that keep it from turning the words around it (FSI and PDI, UAX 9). */
export const isolate = (text: string): string => (FROM_RIGHT.test(text) ? `\u2068${text}\u2069` : text)
