// How far a reader came in an article, kept in this browser. When they open it again, they can go on from there.

import { type RefObject, useEffect } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { onBeforeLeave } from '../../shared/router.tsx'
import { hasScrollPosition } from '../../shared/scroll-restoration.ts'
import { permanentStorage } from '../../shared/storage.ts'
import { articleWords as words } from './article-words.ts'

const ARTICLES_MAX = 200 // some 6 kB
// Nearer to the beginning or the end there is nothing to go on from.
const FROM = 0.15
const TO = 0.9

const load = () => permanentStorage.get<[id: string, part: number][]>('reading') ?? []

function savePart(id: string, part: number): void {
  const others = load().filter(([other]) => other !== id)
  permanentStorage.set('reading', part < FROM || part > TO ? others : [[id, part], ...others].slice(0, ARTICLES_MAX))
}

/** The part of the text above the lower edge of the screen, from 0 to 1. */
function partRead(text: HTMLElement): number {
  const { top, height } = text.getBoundingClientRect()
  return Math.min(1, Math.max(0, (innerHeight - top) / Math.max(1, height)))
}

/** `page`: as for useScrollRestoration, which knows better when the reader goes back in the browser's history. */
export function useReadingPosition(id: string, page: string, text: RefObject<HTMLElement | null>, ready: boolean): void {
  useEffect(() => {
    const element = text.current
    if (!ready || !element) return
    const part = load().find(([other]) => other === id)?.[1]
    const isLong = element.offsetHeight > 1.5 * innerHeight
    const goOn = () =>
      window.scrollTo({ top: scrollY + element.getBoundingClientRect().top + (part ?? 0) * element.offsetHeight - innerHeight / 2 })
    if (part !== undefined && isLong && !hasScrollPosition(page)) showNotice(words.readBefore, { label: words.readOnFromThere, run: goOn })
    const save = () => isLong && savePart(id, partRead(element))
    const removeListener = onBeforeLeave(save)
    addEventListener('pagehide', save)
    return () => {
      removeListener()
      removeEventListener('pagehide', save)
    }
  }, [id, page, text, ready])
}
