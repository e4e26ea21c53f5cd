// A feed may have thousands of cards. Those far from the screen keep their place, their height and their headline, and nothing else.

import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** How far from the screen a card is still whole: a screen and a half. */
const NEAR = '150% 0px'
/** Of a card that has never been whole, in pixels. Most have a headline of two lines and a picture beside it. */
const USUAL_HEIGHT = 150

/** By article: what each card measured when it was last whole, in a window of this width. */
const heights = new Map<string, number>()
let widthOfHeights = 0

/** When cards look different from now on. */
export const forgetHeights = () => heights.clear()

type Listener = (isNear: boolean, height: number) => void
const listeners = new WeakMap<Element, Listener>()
let observer: IntersectionObserver | undefined

function observe(element: Element, listener: Listener): () => void {
  observer ??= new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting, boundingClientRect } of entries)
        listeners.get(target)?.(isIntersecting, boundingClientRect.height)
    },
    { rootMargin: NEAR },
  )
  listeners.set(element, listener)
  observer.observe(element)
  return () => {
    listeners.delete(element)
    observer?.unobserve(element)
  }
}

interface NearScreen {
  ref: RefObject<HTMLElement | null>
  /** Of a card that is not near: in pixels. */
  height: number | undefined
  showWhole: () => void
}

/** `startsWhole`: the card will be on the screen as soon as it is rendered. */
export function useNearScreen(id: string, startsWhole: boolean): NearScreen {
  const ref = useRef<HTMLElement>(null)
  const [height, setHeight] = useState(() => (startsWhole ? undefined : knownHeight(id)))
  const heightBefore = useRef(height)

  // A card above the screen that becomes whole with another height must not move what is on the screen.
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
    return observe(element, (isNear, measured) => {
      if (heightBefore.current === undefined) heights.set(id, measured)
      setHeight(isNear ? undefined : measured)
    })
  }, [id])

  return { ref, height, showWhole: () => setHeight(undefined) }
}

function knownHeight(id: string): number {
  if (widthOfHeights !== innerWidth) heights.clear()
  widthOfHeights = innerWidth
  return heights.get(id) ?? USUAL_HEIGHT
}
