// A feed may have thousands of cards. They come in groups of some ten; a group far from the screen keeps its place, its height and its
// headlines, and nothing else.

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/** How far from the screen a group still has its cards: a screen. */
const NEAR = '100% 0px'
/** Of a card that has never been shown, in pixels. Most have a headline of two lines and a picture beside it. */
const USUAL_HEIGHT = 150

/** By group: what each measured when it last had its cards, in a window of this width. */
const heights = new Map<string, number>()
let widthOfHeights = 0

/** When cards look different from now on. */
export const forgetHeights = () => heights.clear()

interface Group {
  onMove: (isNear: boolean, height: number) => void
  show: () => void
}
const groups = new WeakMap<Element, Group>()
let observer: IntersectionObserver | undefined

function observe(element: Element, group: Group): () => void {
  observer ??= new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting, boundingClientRect } of entries)
        groups.get(target)?.onMove(isIntersecting, boundingClientRect.height)
    },
    { rootMargin: NEAR },
  )
  groups.set(element, group)
  observer.observe(element)
  return () => {
    groups.delete(element)
    observer?.unobserve(element)
  }
}

/** Gives a group its cards at once: the reader goes there by a key. */
export const showGroup = (element: Element): void => flushSync(() => groups.get(element)?.show())

interface NearScreen {
  ref: RefObject<HTMLDivElement | null>
  /** Of a group that is not near: in pixels. */
  height: number | undefined
}

/** `key`: of the group with as many cards. `startsNear`: it will be on the screen as soon as it is rendered. */
export function useNearScreen(key: string, cards: number, startsNear: boolean): NearScreen {
  const ref = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(() => (startsNear ? undefined : knownHeight(key, cards)))
  const heightBefore = useRef(height)

  // A group above the screen whose cards have another height must not move what is on the screen.
  useLayoutEffect(() => {
    const element = ref.current
    const before = heightBefore.current
    heightBefore.current = height
    if (!element || before === undefined || height !== undefined) return
    const { top, height: after } = element.getBoundingClientRect()
    if (top < 0 && after !== before) window.scrollBy({ top: after - before, behavior: 'instant' })
  }, [height])

  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const show = () => setHeight(undefined)
    return observe(element, {
      show,
      onMove(isNear, measured) {
        if (heightBefore.current === undefined) heights.set(key, measured)
        if (isNear) show()
        // What has the focus stays, or the focus would be lost.
        else if (!element.contains(document.activeElement)) setHeight(measured)
      },
    })
  }, [key])

  return { ref, height }
}

function knownHeight(key: string, cards: number): number {
  if (widthOfHeights !== innerWidth) heights.clear()
  widthOfHeights = innerWidth
  return heights.get(key) ?? USUAL_HEIGHT * cards
}
