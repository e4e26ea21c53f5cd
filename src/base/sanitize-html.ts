// Which HTML may reach readers: clients put an article's text into their own page as it is, so it must bring nothing
// that acts. A list of what may stay, never of what must go.

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
