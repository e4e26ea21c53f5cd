// Restores the scroll position of a page. A position is an element with `data-anchor` and its distance from the top of the
// screen, which still holds when something above that element has changed its height.

import { useLayoutEffect } from 'react'
import { onBeforeLeave, useHistoryEntry } from './router.tsx'
import { tabStorage } from './storage.ts'

interface Position {
  y: number
  anchor?: { id: string; top: number }
}

const POSITIONS_MAX = 100 // readers do not go back further than this
const positions = new Map<string, Position>(tabStorage.get<[string, Position][]>('places'))

function measure(): Position {
  const y = window.scrollY
  if (y === 0) return { y }
  for (const element of document.querySelectorAll<HTMLElement>('[data-anchor]')) {
    const { top, bottom } = element.getBoundingClientRect()
    if (bottom > 0) return { y, anchor: { id: element.dataset.anchor as string, top } }
  }
  return { y }
}

/** Rows off the screen have an assumed height until they are laid out (styles/endless-list.css), and it would move those below. */
function layOutWhole(): void {
  const root = document.documentElement
  root.dataset.whole = ''
  // The browser remembers their heights at the end of the first frame.
  requestAnimationFrame(() => requestAnimationFrame(() => delete root.dataset.whole))
}

function restore({ y, anchor }: Position): void {
  if (y > 0) layOutWhole()
  const element = anchor && document.querySelector(`[data-anchor="${anchor.id}"]`)
  if (element && anchor) window.scrollBy({ top: element.getBoundingClientRect().top - anchor.top, behavior: 'instant' })
  else window.scrollTo({ top: y, behavior: 'instant' })
}

function save(page: string): void {
  positions.delete(page)
  positions.set(page, measure())
  for (const oldest of [...positions.keys()].slice(0, -POSITIONS_MAX)) positions.delete(oldest)
  tabStorage.set('places', [...positions])
}

/** Whether the reader left this page before, in this tab. */
export const hasScrollPosition = (page: string): boolean => positions.has(page)

/** The `data-anchor` that was at the top of the screen then. */
export const scrollAnchorOf = (page: string): string | undefined => positions.get(page)?.anchor?.id

/** Scrolls to where the reader left `page`, once its content is `ready`, and saves the position when the reader leaves it. */
export function useScrollRestoration(page: string, ready: boolean): void {
  useLayoutEffect(() => {
    if (!ready) {
      window.scrollTo({ top: 0, behavior: 'instant' }) // not where the page before was
      return
    }
    restore(positions.get(page) ?? { y: 0 })
    const leave = () => save(page)
    const removeListener = onBeforeLeave(leave)
    addEventListener('pagehide', leave)
    return () => {
      removeListener()
      removeEventListener('pagehide', leave)
    }
  }, [page, ready])
}

/** The same for a screen of which each entry of the browser's history has a position of its own. */
export function useEntryScrollRestoration(ready: boolean): void {
  useScrollRestoration(useHistoryEntry().key, ready)
}
