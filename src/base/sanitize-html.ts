// Removes from an article's HTML everything that could run or load code: clients insert the text into their own page.
// The lists say what may stay.

import type sanitize from 'sanitize-html'
import { loadLate } from './load-late.ts'
import { invalid } from './problem.ts'

/** A long book chapter; longer texts are mistakes. */
export const HTML_BYTES_MAX = 1024 * 1024
/** Browsers nest no deeper. The time for cleaning, and for showing the article, grows with the square of the depth. */
const DEPTH_MAX = 512
/** Of one element. Editors write a few. */
const ATTRIBUTES_MAX = 100

const OPTIONS: sanitize.IOptions = {
  allowedTags: (
    'h1 h2 h3 h4 h5 h6 p br hr blockquote pre code ul ol li dl dt dd b strong i em u s del ins sub sup mark small span div section ' +
    'a img figure figcaption table caption thead tbody tfoot tr th td ruby rt rp q bdi bdo'
  ).split(' '),
  allowedAttributes: {
    '*': ['dir', 'lang'],
    ol: ['start', 'reversed', 'type'],
    li: ['value'],
    a: ['href', 'title'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['http', 'https', 'data'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  transformTags: { img: (tagName, attribs) => ({ tagName, attribs: withPicture(attribs) }) },
}

/** Pages that load pictures late keep the address elsewhere, and may leave the protocol to the page. The rules for `src` apply to it. */
function withPicture({ src = '', ...rest }: sanitize.Attributes): sanitize.Attributes {
  const largest = rest.srcset?.split(/,\s+/).at(-1)?.trim().split(/\s/)[0]
  const address = (rest['data-src'] || rest['data-original'] || src || largest || '').trim()
  return address === '' ? rest : { src: address.replace(/^\/\//, 'https://'), ...rest }
}

/** Throws `invalid`, which names no field, for HTML that is too long or that would take too long. */
export function sanitizeHtml(html: string): string {
  assertHtmlSize(html)
  let depth = 0
  const clean = loadLate<typeof sanitize>('sanitize-html')(html, {
    ...OPTIONS,
    onOpenTag(_name, attributes) {
      if (++depth > DEPTH_MAX) throw invalid(`nested more than ${DEPTH_MAX} elements deep`, { reason: 'too-complex' })
      if (Object.keys(attributes).length > ATTRIBUTES_MAX)
        throw invalid(`an element with more than ${ATTRIBUTES_MAX} attributes`, { reason: 'too-complex' })
    },
    onCloseTag: () => void depth--,
  })
  assertHtmlSize(clean) // each & may have become &amp;
  return clean
}

export function assertHtmlSize(html: string): void {
  if (Buffer.byteLength(html) > HTML_BYTES_MAX) throw invalid('longer than 1 MiB', { reason: 'too-long' })
}
