// The text of sanitised HTML, and where each of its characters stands. A tag inside a paragraph is not there: `<b>a</b>b` reads
// `ab`. Between blocks there is a line break.

export interface HtmlText {
  text: string
  /** For each unit of `text`, its place in the HTML. */
  places: number[]
}

const INLINE = /^<\/?(?:a|abbr|b|code|del|em|i|ins|mark|s|small|span|strong|sub|sup|u)\b/i
const PART = /<[^<>]*>|&[a-z0-9#]{1,10};/gi

export function readHtmlText(html: string): HtmlText {
  let text = ''
  const places: number[] = []
  const add = (piece: string, place: number, isOneCharacter: boolean) => {
    for (let i = 0; i < piece.length; i++) places.push(isOneCharacter ? place : place + i)
    text += piece
  }
  let at = 0
  for (const { 0: part, index } of html.matchAll(PART)) {
    add(html.slice(at, index), at, false)
    // What an entity stands for is no letter or digit, so any other sign will do.
    if (part.startsWith('&')) add('&', index, true)
    else if (!INLINE.test(part)) add('\n', index, true)
    at = index + part.length
  }
  add(html.slice(at), at, false)
  return { text, places }
}
