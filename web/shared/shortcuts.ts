// Shortcuts of one key that work wherever the focus is, except where keys are for what has it: text fields, menus and dialogs.

import { useEffect, useRef } from 'react'

/** By `KeyboardEvent.key`. */
export type Shortcuts = Record<string, () => void>

const OWN_KEYS = 'input, textarea, select, [contenteditable], [role=menu], dialog, [popover]'

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target, altKey, ctrlKey, metaKey, defaultPrevented } = event
      if (altKey || ctrlKey || metaKey || defaultPrevented || (target instanceof Element && target.closest(OWN_KEYS))) return
      const run = latest.current[key]
      if (!run) return
      event.preventDefault()
      run()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}
