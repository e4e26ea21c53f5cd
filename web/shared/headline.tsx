// Browsers break a Chinese headline between any two characters, also inside a word. This allows breaks between words only.

import { languageOf } from './language.ts'
import { sharedWords } from './words.ts'

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter('zh-CN', { granularity: 'word' }) : undefined

// No line may begin with closing punctuation, or end with opening punctuation or the number of what follows.
const CLOSING = /^[\p{Pe}\p{Pf}\p{Po}%℃]/u
const OPENING = /[\p{Ps}\p{Pi}#￥$\d]/u

/** Anything but spaces and characters that only control others. */
const VISIBLE = /[^\s\p{C}]/u

/** To be put into an element with the text's `lang`. Its style forbids breaks except at a `<wbr>` (styles/base.css). */
export function Headline({ text }: { text: string }) {
  if (!VISIBLE.test(text)) return sharedWords.untitled
  if (!segmenter || languageOf(text) !== 'zh-CN') return text
  // As HTML, because React would keep three objects for each word.
  // biome-ignore lint: the text is escaped
  return <span dangerouslySetInnerHTML={{ __html: markBreaks(segmenter, text) }} />
}

const markBreaks = (words: Intl.Segmenter, text: string): string =>
  Array.from(words.segment(text), ({ segment, index }) => {
    const mayBreak = index > 0 && !CLOSING.test(segment) && !OPENING.test(text[index - 1] as string)
    return `${mayBreak ? '<wbr>' : ''}${escapeHtml(segment)}`
  }).join('')

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
