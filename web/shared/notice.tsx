// A short message at the edge of the screen that disappears by itself and is read aloud: "8 new stories", "Hidden. Undo".

import { useSyncExternalStore } from 'react'
import { createStore } from './store.ts'

export interface NoticeAction {
  label: string
  run: () => void
}

const SHOWN_MS = 3_000 // time to read one line twice
const WITH_ACTION_MS = 8_000 // and to reach its button, also with a keyboard

const notice = createStore<{ text: string; actions: NoticeAction[]; id: number } | undefined>(undefined)
let lastId = 0
let timer: ReturnType<typeof setTimeout> | undefined

/** Replaces the notice that is shown. Returns what takes it away, unless another one has replaced it. */
export function showNotice(text: string, ...actions: (NoticeAction | undefined)[]): () => void {
  notice.set({ text, actions: actions.filter(action => action !== undefined), id: ++lastId })
  hideLater()
  const id = lastId
  return () => {
    if (notice.get()?.id === id) hide()
  }
}

const hide = () => notice.set(undefined)

function hideLater(): void {
  clearTimeout(timer)
  timer = setTimeout(hide, notice.get()?.actions.length ? WITH_ACTION_MS : SHOWN_MS)
}

const keep = () => clearTimeout(timer)

export function Notice() {
  const shown = useSyncExternalStore(notice.subscribe, notice.get)
  return (
    <div className="notice" role="status">
      {shown && (
        <span key={shown.id} onPointerEnter={keep} onPointerLeave={hideLater} onFocus={keep} onBlur={hideLater}>
          {shown.text}
          {shown.actions.map(({ label, run }) => (
            <button
              key={label}
              type="button"
              onClick={() => {
                hide()
                run()
              }}
            >
              {label}
            </button>
          ))}
        </span>
      )}
    </div>
  )
}
