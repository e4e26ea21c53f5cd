// The server has sanitised the HTML of an article already. It is sanitised again here for articles that were stored before a rule
// existed, or that come from another server with this API.

import DOMPurify from 'dompurify'

/** Each has the direction of its first letter, unless the author said which, or it is within such a block. */
const BLOCKS = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'DL', 'TABLE', 'BLOCKQUOTE', 'PRE', 'FIGURE'])

const RULES = {
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'svg', 'math'],
  FORBID_ATTR: ['style', 'id', 'class'],
}

/** `decorate`: what else is done with each picture. */
export function createHtmlCleaner(decorate: (image: HTMLImageElement) => void = () => {}): (html: string) => string {
  const purify = DOMPurify(window)
  purify.addHook('afterSanitizeAttributes', element => {
    if (BLOCKS.has(element.nodeName) && !element.closest('[dir]')) element.setAttribute('dir', 'auto')
    // Wider than the column they are scrolled sideways, also with the keyboard.
    if (element instanceof HTMLPreElement || element instanceof HTMLTableElement) element.tabIndex = 0
    if (element instanceof HTMLAnchorElement && element.origin !== location.origin) {
      element.target = '_blank'
      element.rel = 'noopener noreferrer nofollow'
    }
    if (element instanceof HTMLImageElement) {
      element.loading = 'lazy'
      element.decoding = 'async'
      element.alt ||= ''
      decorate(element)
    }
  })
  return html => purify.sanitize(html, RULES)
}
