// On a phone: pull the page down at its top, and let go.

import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icons.tsx'

const FAR_ENOUGH = 70 // pixels; less happens by accident
const RESISTANCE = 0.5

export function PullToRefresh({ refreshing, onRefresh }: { refreshing: boolean; onRefresh: () => void }) {
  const [pulled, setPulled] = useState(0)
  const latest = useRef({ refreshing, onRefresh })
  latest.current = { refreshing, onRefresh }

  useEffect(() => {
    let from: { x: number; y: number } | undefined
    let far = 0
    const start = ({ touches: [finger] }: TouchEvent) => {
      from = finger && window.scrollY === 0 && !latest.current.refreshing ? { x: finger.clientX, y: finger.clientY } : undefined
    }
    const move = ({ touches: [finger] }: TouchEvent) => {
      if (!from || !finger) return
      const down = finger.clientY - from.y
      // Sideways belongs to the strip of channels, upwards to scrolling.
      far = window.scrollY > 0 || down < Math.abs(finger.clientX - from.x) ? 0 : Math.min(down * RESISTANCE, FAR_ENOUGH * 1.3)
      setPulled(far)
    }
    const end = () => {
      if (far >= FAR_ENOUGH) latest.current.onRefresh()
      from = undefined
      far = 0
      setPulled(0)
    }
    const passive = { passive: true }
    addEventListener('touchstart', start, passive)
    addEventListener('touchmove', move, passive)
    addEventListener('touchend', end)
    addEventListener('touchcancel', end)
    return () => {
      removeEventListener('touchstart', start)
      removeEventListener('touchmove', move)
      removeEventListener('touchend', end)
      removeEventListener('touchcancel', end)
    }
  }, [])

  const turned = { transform: `rotate(${pulled * 4}deg)`, opacity: Math.min(1, pulled / FAR_ENOUGH) }
  return (
    <div className="pull" style={{ height: pulled }} aria-hidden="true">
      <span style={turned}>
        <Icon name="refresh" />
      </span>
    </div>
  )
}
