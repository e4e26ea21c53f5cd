// Makes ordinary HTML of what Word and WeChat put on the clipboard. The editor's schema then drops everything it does not know.
//
// WeChat writes `section`s for paragraphs, bold text as styled spans, and pictures whose address is in `data-src`. What Word does with
// lists stands in paste-lists.ts.

import { makeLists, styleOf } from './paste-lists.ts'

/** Elements that hold no text of the author's. */
const DROPPED = 'dropped, meta, link, title, xml, mpvoice, mpvideo, iframe'
const BLOCKS = 'p, section, div, ul, ol, table, blockquote, h1, h2, h3, h4, h5, h6, figure, img, pre'
/** `data-pm-slice` is the editor's own: it marks what was copied here. */
const KEPT_ATTRIBUTES = new Set(['href', 'src', 'alt', 'title', 'width', 'height', 'colspan', 'rowspan', 'data-pm-slice'])

export function cleanPaste(html: string): string {
  const template = document.createElement('template') // in which nothing loads
  template.innerHTML = disarm(html)
  const { content } = template
  for (const element of content.querySelectorAll(DROPPED)) element.remove()
  removeComments(content)
  makeLists(content)
  for (const span of content.querySelectorAll('span[data-style]')) applyStyle(span)
  for (const picture of content.querySelectorAll('img')) fixPicture(picture)
  for (const section of content.querySelectorAll('section')) if (!section.querySelector(BLOCKS)) rename(section, 'p')
  for (const element of content.querySelectorAll('*'))
    for (const name of element.getAttributeNames()) if (!KEPT_ATTRIBUTES.has(name)) element.removeAttribute(name)
  return template.innerHTML
}

/** Renames what the content security policy would report, once for each element, while the browser parses it. */
export function disarm(html: string): string {
  const tags = html.replaceAll(/<[a-z][^<>]*>/gi, tag => tag.replaceAll(/\s(style|on[a-z]+)(\s*=)/gi, ' data-$1$2'))
  return tags.replaceAll(/<(\/?)(?:style|script)\b/gi, '<$1dropped')
}

function removeComments(content: DocumentFragment): void {
  const walker = document.createTreeWalker(content, NodeFilter.SHOW_COMMENT)
  const comments: Comment[] = []
  while (walker.nextNode()) comments.push(walker.currentNode as Comment)
  for (const comment of comments) comment.remove()
}

function applyStyle(element: Element): void {
  const style = styleOf(element)
  if (/font-weight\s*:\s*(bold|[6-9]00)/.test(style)) wrap(element, 'strong')
  if (/font-style\s*:\s*italic/.test(style)) wrap(element, 'em')
}

/** A picture of the author's disk, which the clipboard names but does not hold, is left out. */
function fixPicture(picture: Element): void {
  const lazy = picture.getAttribute('data-src')
  if (lazy) picture.setAttribute('src', lazy)
  if (!/^(https?:|data:image\/)/.test(picture.getAttribute('src') ?? '')) picture.remove()
}

function wrap(element: Element, name: string): void {
  const wrapper = element.ownerDocument.createElement(name)
  wrapper.append(...element.childNodes)
  element.append(wrapper)
}

function rename(element: Element, name: string): void {
  const renamed = element.ownerDocument.createElement(name)
  renamed.append(...element.childNodes)
  element.replaceWith(renamed)
}
