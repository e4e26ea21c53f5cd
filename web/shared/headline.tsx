// Chinese has no spaces, so browsers break a headline anywhere, also inside a word. Here it may break between words only.

import { Fragment } from 'react'
import { languageOf } from './time.ts'

const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter('zh-CN', { granularity: 'word' }) : undefined

// No line begins or ends with these; and a number keeps what it counts.
const CLOSES = /^[\p{Pe}\p{Pf}\p{Po}%℃]/u
const OPENS = /[\p{Ps}\p{Pi}#￥$\d]/u

/** Goes into an element whose language is that of the text; `styles/base.css` forbids breaks where there is no `<wbr>`. */
export function Headline({ text }: { text: string }) {
  if (!segmenter || languageOf(text) === 'en') return text
  return Array.from(segmenter.segment(text), ({ segment, index }) => (
    <Fragment key={index}>
      {index > 0 && !CLOSES.test(segment) && !OPENS.test(text[index - 1] as string) && <wbr />}
      {segment}
    </Fragment>
  ))
}
