// A short message at the edge of the screen that disappears by itself and is read aloud: "8 new stories", "signed out".

import { useSyncExternalStore } from 'react'
import { createStore } from './store.ts'

const SHOWN_MS = 3_000 // time to read one line twice

const notice = createStore<{ text: string; id: number } | undefined>(undefined)
let lastId = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Replaces the notice that is shown. */
export function showNotice(text: string): void {
  clearTimeout(timer)
  notice.set({ text, id: ++lastId })
  timer = setTimeout(() => notice.set(undefined), SHOWN_MS)
}

export function Notice() {
  const shown = useSyncExternalStore(notice.subscribe, notice.get)
  return (
    <div className="notice" role="status">
      {shown && <span key={shown.id}>{shown.text}</span>}
    </div>
  )
}
