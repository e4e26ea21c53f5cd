// On a touch screen, pulling the page down at its top refreshes the feed.

import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../shared/icons.tsx'

const TRIGGER_PX = 70 // shorter pulls happen by accident
const RESISTANCE = 0.5

export function PullToRefresh({ refreshing, onRefresh }: { refreshing: boolean; onRefresh: () => void }) {
  const [pulledPx, setPulledPx] = useState(0)
  const props = useRef({ refreshing, onRefresh })
  props.current = { refreshing, onRefresh }

  useEffect(() => {
    let from: { x: number; y: number } | undefined
    let distance = 0
    const start = ({ touches: [finger] }: TouchEvent) => {
      from = finger && window.scrollY === 0 && !props.current.refreshing ? { x: finger.clientX, y: finger.clientY } : undefined
    }
    const move = ({ touches: [finger] }: TouchEvent) => {
      if (!from || !finger) return
      const down = finger.clientY - from.y
      // A sideways movement scrolls the strip of channels, an upward one the page.
      const isPull = window.scrollY <= 0 && down >= Math.abs(finger.clientX - from.x)
      distance = isPull ? Math.min(down * RESISTANCE, TRIGGER_PX * 1.3) : 0
      setPulledPx(distance)
    }
    const end = () => {
      if (distance >= TRIGGER_PX) props.current.onRefresh()
      from = undefined
      distance = 0
      setPulledPx(0)
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

  const iconStyle = { transform: `rotate(${pulledPx * 4}deg)`, opacity: Math.min(1, pulledPx / TRIGGER_PX) }
  return (
    <div className="pull" style={{ height: pulledPx }} aria-hidden="true">
      <span style={iconStyle}>
        <Icon name="refresh" />
      </span>
    </div>
  )
}
