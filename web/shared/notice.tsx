// One short line that comes and goes, and is read aloud: "8 new stories", "signed out".

import { useSyncExternalStore } from 'react'

const SHOWN_MS = 3_000 // time to read one line twice

let shown: { text: string; n: number } | undefined
let timer: ReturnType<typeof setTimeout> | undefined
const hearers = new Set<() => void>()
const tell = () => {
  for (const hear of hearers) hear()
}

export function notify(text: string): void {
  clearTimeout(timer)
  shown = { text, n: (shown?.n ?? 0) + 1 }
  timer = setTimeout(() => {
    shown = undefined
    tell()
  }, SHOWN_MS)
  tell()
}

export function Notice() {
  const now = useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    () => shown,
  )
  return (
    <div className="notice" role="status">
      {now && <span key={now.n}>{now.text}</span>}
    </div>
  )
}
