// Removes from an article's HTML everything that could run or load code: clients insert the text into their own page.
// The lists say what may stay.

import sanitize from 'sanitize-html'

const OPTIONS: sanitize.IOptions = {
  allowedTags: (
    'h1 h2 h3 h4 h5 h6 p br hr blockquote pre code ul ol li dl dt dd b strong i em u s del ins sub sup mark small span div section ' +
    'a img figure figcaption table caption thead tbody tfoot tr th td ruby rt rp'
  ).split(' '),
  allowedAttributes: {
    a: ['href', 'title'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['http', 'https', 'data'] },
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
}

export function sanitizeHtml(html: string): string {
  return sanitize(html, OPTIONS)
}
