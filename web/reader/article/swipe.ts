// A finger that moves sideways over an article. A movement from the edge belongs to the browser, and one over something that
// scrolls sideways scrolls it.

const LENGTH_MIN_PX = 80
const EDGE_PX = 32
const STEEPNESS_MAX = 0.5 // of down to sideways: a reader who scrolls is never quite vertical

const scrollsSideways = (target: EventTarget | null): boolean => {
  for (let element = target instanceof Element ? target : null; element; element = element.parentElement)
    if (element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(element).overflowX)) return true
  return false
}

/** Returns a function that removes the listener. `left`: the finger moved to the left. */
export function onSideSwipe(listener: (direction: 'left' | 'right') => void): () => void {
  let from: { x: number; y: number } | undefined
  const start = ({ touches, target }: TouchEvent) => {
    const [finger] = touches
    const isOurs =
      finger &&
      touches.length === 1 &&
      Math.min(finger.clientX, innerWidth - finger.clientX) > EDGE_PX &&
      !(target as Element).closest('dialog, .action-bar') &&
      !scrollsSideways(target)
    from = isOurs ? { x: finger.clientX, y: finger.clientY } : undefined
  }
  const end = ({ changedTouches: [finger] }: TouchEvent) => {
    if (!from || !finger) return
    const [dx, dy] = [finger.clientX - from.x, Math.abs(finger.clientY - from.y)]
    from = undefined
    if (Math.abs(dx) >= LENGTH_MIN_PX && dy <= Math.abs(dx) * STEEPNESS_MAX && !String(getSelection())) listener(dx < 0 ? 'left' : 'right')
  }
  addEventListener('touchstart', start, { passive: true })
  addEventListener('touchend', end)
  return () => {
    removeEventListener('touchstart', start)
    removeEventListener('touchend', end)
  }
}
