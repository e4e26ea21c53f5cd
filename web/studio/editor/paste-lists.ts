// Lists as they come from the clipboard. Word writes paragraphs with `mso-list` styles and the marker as text; Google Docs puts a list
// right into a list.

const BULLET = /^[\s\u00a0]*[·•§o▪◦-]/
/** On lists that were made here: others are not joined. */
const MADE = 'data-made'

/** The style attribute, which the content security policy forbids, is kept under another name. */
export const styleOf = (element: Element) => element.getAttribute('data-style') ?? ''

export function makeLists(content: DocumentFragment): void {
  for (const paragraph of content.querySelectorAll('[data-style*="mso-list"]')) toListItem(paragraph)
  for (const list of content.querySelectorAll(':is(ul, ol) > :is(ul, ol)')) moveIntoItem(list)
}

/** Puts the paragraph into the list before it, at the depth that Word names. A list of another kind begins after that one. */
function toListItem(paragraph: Element): void {
  const level = Number(/mso-list\s*:\s*l\d+\s+level(\d)/.exec(styleOf(paragraph))?.[1])
  if (!paragraph.parentNode || !level) return
  const marker = [...paragraph.querySelectorAll('[data-style*="mso-list"]')].find(span => /mso-list\s*:\s*ignore/i.test(styleOf(span)))
  const kind = BULLET.test(marker?.textContent ?? '·') ? 'ul' : 'ol'
  marker?.remove()
  const item = paragraph.ownerDocument.createElement('li')
  item.append(...paragraph.childNodes)

  let last = paragraph.previousElementSibling
  let holder: Element | null = null
  for (let depth = 1; depth < level && last?.hasAttribute(MADE); depth++) {
    holder = last.lastElementChild
    last = holder?.lastElementChild ?? null
  }
  if (last?.localName === kind && last.hasAttribute(MADE)) last.append(item)
  else {
    const list = paragraph.ownerDocument.createElement(kind)
    list.setAttribute(MADE, '')
    list.append(item)
    if (holder) holder.append(list)
    else paragraph.before(list)
  }
  paragraph.remove()
}

function moveIntoItem(list: Element): void {
  const before = list.previousElementSibling
  if (before?.localName === 'li') before.append(list)
  else list.replaceWith(...list.childNodes)
}
