import { type RefObject, useLayoutEffect, useRef } from 'react'

const NEAR_PX = 120

/**
 * Keeps the end of a growing list in view, unless its reader has scrolled up. What is added above `first` moves nothing.
 * `first` and `last` name the outermost items.
 */
export function useScrollToEnd(list: RefObject<HTMLElement | null>, first: unknown, last: unknown): void {
  const before = useRef({ first, height: 0, isNearEnd: true })
  useLayoutEffect(() => {
    const page = document.documentElement
    const height = list.current?.offsetHeight ?? 0
    const { first: firstBefore, height: heightBefore, isNearEnd } = before.current
    if (isNearEnd) window.scrollTo({ top: page.scrollHeight, behavior: 'instant' })
    else if (first !== firstBefore) window.scrollBy({ top: height - heightBefore, behavior: 'instant' })
    before.current = { first, height, isNearEnd: before.current.isNearEnd }
    const note = () => {
      before.current.isNearEnd = page.scrollHeight - innerHeight - scrollY < NEAR_PX
    }
    addEventListener('scroll', note, { passive: true })
    return () => removeEventListener('scroll', note)
  }, [list, first, last])
}
