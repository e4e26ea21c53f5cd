// A dialog over the page: at the bottom edge of a phone, in the middle of a larger screen. The browser keeps the focus in it, closes
// it on Escape or on a click beside it, and gives the focus back.

import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { IconButton } from './icon-button.tsx'
import { useModal } from './use-modal.ts'
import { sharedWords } from './words.ts'

interface Props {
  title: string
  /** Called once, however it is closed. */
  onClose(): void
  /** What the sheet is about: at the edge of a phone the page scrolls so that it is not hidden. */
  beside?: HTMLElement | null
  children: ReactNode
}

/** Shown as long as it is rendered. */
export function Sheet({ title, onClose, beside, children }: Props) {
  const dialog = useModal(onClose)
  const headingId = useId()
  const about = useRef(beside)
  useLayoutEffect(() => {
    if (dialog.current && about.current) scrollAbove(about.current, dialog.current)
  }, [dialog])
  return createPortal(
    // At the end of the page: what opened it has a style of its own. Its keys are of no use in here.
    // biome-ignore lint: it only keeps keys
    <dialog
      ref={dialog}
      className="sheet at-edge"
      aria-labelledby={headingId}
      closedby="any"
      onClose={onClose}
      onKeyDown={event => event.stopPropagation()}
    >
      <div className="sheet-head">
        <h2 id={headingId} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon="close" label={sharedWords.close} onClick={onClose} />
      </div>
      {children}
    </dialog>,
    document.body,
  )
}

const GAP_PX = 8

/** Only where the sheet is at the lower edge: elsewhere it lies in the middle. */
function scrollAbove(element: HTMLElement, sheet: HTMLElement): void {
  const isAtEdge = sheet.getBoundingClientRect().bottom >= innerHeight - 1 // lower while it rises
  const hidden = element.getBoundingClientRect().bottom + GAP_PX - (innerHeight - sheet.offsetHeight)
  if (isAtEdge && hidden > 0) window.scrollBy({ top: hidden, behavior: 'instant' })
}
