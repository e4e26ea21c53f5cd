// The text of sanitised HTML, and where each of its characters stands. A tag inside a paragraph is not there: `<b>a</b>b` reads
// `ab`. Between blocks there is a line break. What pictures and links say of themselves comes last.

import { setImmediate as nextTurn } from 'node:timers/promises'

export interface HtmlText {
  text: string
  /** For each unit of `text`, its place in the HTML. */
  places: Int32Array
}

const INLINE = /^<\/?(?:a|abbr|b|code|del|em|i|ins|mark|s|small|span|strong|sub|sup|u)\b/i
/** Of a tag: what is shown instead of a picture, or beside the pointer. */
const SAID = /\s(?:alt|title)="([^"]*)"/g
const PART = /<[^<>]*>|&[a-z0-9#]{1,10};/gi

const ENTITY = /&[a-z0-9#]{1,10};/gi

/** Read in less than 10 ms. Then other requests are answered: a megabyte may have a hundred times as many. */
const PARTS_AT_ONCE = 10_000

export async function readHtmlText(html: string): Promise<HtmlText> {
  const pieces: string[] = []
  const places = new Int32Array(html.length) // no tag or entity becomes more than one character
  let length = 0
  const copy = (from: number, to: number) => {
    if (from === to) return
    pieces.push(html.slice(from, to))
    for (let place = from; place < to; place++) places[length++] = place
  }
  const put = (sign: string, place: number) => {
    pieces.push(sign)
    places[length++] = place
  }
  const said: { tag: number; from: number; to: number }[] = []
  let at = 0
  let parts = 0
  for (const { 0: part, index } of html.matchAll(PART)) {
    copy(at, index)
    // What an entity stands for is no letter or digit, so any other sign will do.
    if (part.startsWith('&')) put('&', index)
    else {
      if (!INLINE.test(part)) put('\n', index)
      for (const { 0: attribute, 1: value = '', index: offset } of part.matchAll(SAID)) {
        const to = index + offset + attribute.length - 1
        said.push({ tag: index, from: to - value.length, to })
      }
    }
    at = index + part.length
    if (++parts % PARTS_AT_ONCE === 0) await nextTurn()
  }
  copy(at, html.length)
  for (const { tag, from, to } of said) {
    put('\n', tag)
    at = from
    for (const { 0: entity, index } of html.slice(from, to).matchAll(ENTITY)) {
      copy(at, from + index)
      put('&', from + index)
      at = from + index + entity.length
    }
    copy(at, to)
    if (++parts % PARTS_AT_ONCE === 0) await nextTurn()
  }
  return { text: pieces.join(''), places: places.subarray(0, length) }
}
