// "Back" closes a dialog instead of leaving the page. While one is open, the browser's history has an entry more, of the same page. It
// goes with the last dialog. A link in a dialog takes its place, so that it leads back to the page.

import type { HistoryEntry } from './router.tsx'

type DialogEntry = HistoryEntry & { isDialog?: true }

const entry = () => history.state as DialogEntry | null
export const isDialogEntry = (): boolean => entry()?.isDialog === true

/** What closes each open dialog, in the order in which they were opened. */
const open: (() => void)[] = []
/** Of the page below the dialogs. */
let pageKey: string | undefined
/** Going back takes a moment, in which nothing else may be done with the history. */
let isGoingBack = false

/** Returns what has to be called when the dialog has been closed, however it was. */
export function closeOnBack(close: () => void): () => void {
  open.push(close)
  settle()
  return () => {
    const at = open.indexOf(close)
    if (at >= 0) open.splice(at, 1)
    queueMicrotask(settle) // first what was done with it: another dialog, another page
  }
}

/** An entry if a dialog is open, and none otherwise. */
function settle(): void {
  requestAnimationFrame(() => setTimeout(keepPage)) // after the frame that shows it: it costs a quarter of that
  if (isGoingBack || isDialogEntry() === open.length > 0) return
  if (open.length > 0) {
    pageKey = entry()?.key
    // Not the router's: the page stays the same.
    History.prototype.pushState.call(history, { ...entry(), isDialog: true }, '')
  } else {
    isGoingBack = true
    history.back()
  }
}

/** The page does not scroll while a dialog is open (styles/sheet.css). */
function keepPage(): void {
  const root = document.documentElement
  if (open.length === 0) delete root.dataset.dialog
  else root.dataset.dialog ??= innerWidth > root.clientWidth ? 'beside-bar' : ''
}

// Registered before the router's listener, which hears of it only if the page is another one.
addEventListener('popstate', event => {
  const isSamePage = entry()?.key === pageKey && !isDialogEntry()
  if (isGoingBack || (open.length > 0 && isSamePage)) {
    if (isSamePage) event.stopImmediatePropagation()
    if (!isGoingBack) open.pop()?.()
    isGoingBack = false
  }
  settle()
})
// After a reload, the dialog is not there any more.
settle()
