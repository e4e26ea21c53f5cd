// A short message at the edge of the screen that disappears by itself and is read aloud: "8 new stories", "Hidden. Undo".

import { useSyncExternalStore } from 'react'
import { createStore } from './store.ts'

interface NoticeAction {
  label: string
  run: () => void
}

const SHOWN_MS = 3_000 // time to read one line twice
const WITH_ACTION_MS = 8_000 // and to reach its button, also with a keyboard

const notice = createStore<{ text: string; action?: NoticeAction; id: number } | undefined>(undefined)
let lastId = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Replaces the notice that is shown. */
export function showNotice(text: string, action?: NoticeAction): void {
  notice.set({ text, action, id: ++lastId })
  hideLater()
}

const hide = () => notice.set(undefined)

function hideLater(): void {
  clearTimeout(timer)
  timer = setTimeout(hide, notice.get()?.action ? WITH_ACTION_MS : SHOWN_MS)
}

const keep = () => clearTimeout(timer)

export function Notice() {
  const shown = useSyncExternalStore(notice.subscribe, notice.get)
  return (
    <div className="notice" role="status">
      {shown && (
        <span key={shown.id} onPointerEnter={keep} onPointerLeave={hideLater} onFocus={keep} onBlur={hideLater}>
          {shown.text}
          {shown.action && (
            <button
              type="button"
              onClick={() => {
                hide()
                shown.action?.run()
              }}
            >
              {shown.action.label}
            </button>
          )}
        </span>
      )}
    </div>
  )
}
