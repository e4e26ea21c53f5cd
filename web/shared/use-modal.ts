import { type RefObject, useLayoutEffect, useRef } from 'react'
import { closeOnBack } from './close-on-back.ts'

/**
 * For a dialog that is open while it is rendered. The browser keeps the focus in it, first in what is to be filled in; afterwards it is
 * back where it was. "Back" closes it.
 */
export function useModal(onClose: () => void): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useLayoutEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    // A dialog without either keeps the focus where the browser has put it: on its first control.
    const first = element?.querySelector<HTMLElement>(FIELD) ?? element?.querySelector<HTMLElement>('h2[tabindex]')
    first?.focus({ preventScroll: true })
    const closed = closeOnBack(() => close.current())
    return () => {
      element?.close()
      closed()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])
  return dialog
}

const FIELD = ':is(input:not([type=hidden], [type=file]), select, textarea):not(:disabled)'
