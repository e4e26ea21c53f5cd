// How far a reader came in an article, kept in this browser. When they open it again, they can go on from there.

import { type RefObject, useEffect } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { onBeforeLeave } from '../../shared/router.tsx'
import { hasScrollPosition } from '../../shared/scroll-restoration.ts'
import { articleWords as words } from './article-words.ts'
import { loadReading, type Reading, saveReading } from './reading-store.ts'

const ARTICLES_MAX = 200 // some 6 kB
// Nearer to the beginning or the end there is nothing to go on from.
const FROM = 0.15
const TO = 0.9

function savePart(id: string, part: number): void {
  const others = loadReading().filter(([other]) => other !== id)
  const reading: Reading = part < FROM || part > TO ? others : [[id, part], ...others]
  saveReading(reading.slice(0, ARTICLES_MAX))
}

/** The part of the text above the lower edge of the screen, from 0 to 1. Undefined: they have only seen how it begins. */
function partRead(text: HTMLElement): number | undefined {
  const { top, height } = text.getBoundingClientRect()
  if (top > -innerHeight / 3) return undefined
  return Math.min(1, Math.max(0, (innerHeight - top) / Math.max(1, height)))
}

/** `page`: as for useScrollRestoration, which knows better when the reader goes back in the browser's history. */
export function useReadingPosition(id: string, page: string, text: RefObject<HTMLElement | null>, ready: boolean): void {
  useEffect(() => {
    const element = text.current
    if (!ready || !element) return
    const part = loadReading().find(([other]) => other === id)?.[1]
    const isLong = element.offsetHeight > 1.5 * innerHeight
    const goOn = () =>
      window.scrollTo({ top: scrollY + element.getBoundingClientRect().top + (part ?? 0) * element.offsetHeight - innerHeight / 2 })
    const canGoOn = part !== undefined && isLong && !hasScrollPosition(page)
    const hideOffer = canGoOn ? showNotice(words.readBefore, { label: words.readOnFromThere, run: goOn }) : undefined
    const save = () => {
      const read = isLong ? partRead(element) : undefined
      if (read !== undefined) savePart(id, read)
    }
    const removeListener = onBeforeLeave(save)
    addEventListener('pagehide', save)
    return () => {
      hideOffer?.()
      removeListener()
      removeEventListener('pagehide', save)
    }
  }, [id, page, text, ready])
}
