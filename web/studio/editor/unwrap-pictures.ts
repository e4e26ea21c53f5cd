/** Takes pictures that stand alone in a paragraph out of it: the editor would leave the paragraph behind, empty. */
export function unwrapPictures(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html') // in which nothing loads
  for (const paragraph of body.querySelectorAll('p'))
    if (!paragraph.textContent?.trim() && paragraph.querySelector('img')) paragraph.replaceWith(...paragraph.querySelectorAll('img'))
  return body.innerHTML
}
