// Where a screen was scrolled to. Remembered as "this article, so far from the top", which still holds when something above
// it has another height than before.

import { useLayoutEffect } from 'react'
import { beforeLeaving } from './router.tsx'
import { ofTab } from './storage.ts'

interface Place {
  y: number
  anchor?: { id: string; top: number }
}

const places = new Map<string, Place>(ofTab.get<[string, Place][]>('places'))
const MOST = 100 // entries of a long session; the oldest are not gone back to

function measure(): Place {
  const y = window.scrollY
  if (y === 0) return { y }
  for (const element of document.querySelectorAll<HTMLElement>('[data-anchor]')) {
    const { top, bottom } = element.getBoundingClientRect()
    if (bottom > 0) return { y, anchor: { id: element.dataset.anchor as string, top } }
  }
  return { y }
}

function restore({ y, anchor }: Place): void {
  const element = anchor && document.querySelector(`[data-anchor="${anchor.id}"]`)
  if (element && anchor) window.scrollBy({ top: element.getBoundingClientRect().top - anchor.top, behavior: 'instant' })
  else window.scrollTo({ top: y, behavior: 'instant' })
}

function remember(name: string): void {
  places.delete(name)
  places.set(name, measure())
  for (const old of [...places.keys()].slice(0, -MOST)) places.delete(old)
}

/** Goes to where `name` was left, once `ready`, and notes it when it is left again. */
export function usePlace(name: string, ready: boolean): void {
  useLayoutEffect(() => {
    if (!ready) return
    restore(places.get(name) ?? { y: 0 })
    const leave = () => {
      remember(name)
      ofTab.set('places', [...places])
    }
    const stay = beforeLeaving(leave)
    addEventListener('pagehide', leave)
    return () => {
      stay()
      removeEventListener('pagehide', leave)
    }
  }, [name, ready])
}
