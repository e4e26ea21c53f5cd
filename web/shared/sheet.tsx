// A dialog over the page: at the bottom edge of a phone, in the middle of a larger screen. The browser keeps the focus in it, closes
// it on Escape or on a click beside it, and gives the focus back.

import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { IconButton } from './icon-button.tsx'
import { sharedWords } from './words.ts'

interface Props {
  title: string
  /** Called once, however it is closed. */
  onClose(): void
  children: ReactNode
}

/** Shown as long as it is rendered. */
export function Sheet({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const headingId = useId()
  useLayoutEffect(() => {
    const element = dialog.current
    const opener = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])
  return (
    <dialog ref={dialog} className="sheet at-edge" aria-labelledby={headingId} closedby="any" onClose={onClose}>
      <div className="sheet-head">
        <h2 id={headingId}>{title}</h2>
        <IconButton icon="close" label={sharedWords.close} onClick={onClose} />
      </div>
      {children}
    </dialog>
  )
}
