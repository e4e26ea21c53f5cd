// Routing with wouter, and what the apps keep with each entry of the browser's history.

import type { AnchorHTMLAttributes, MouseEvent, ReactNode } from 'react'
import { type AroundNavHandler, Router, useRouter } from 'wouter'
import { navigate, useHistoryState } from 'wouter/use-browser-location'
import { isDialogEntry } from './close-on-back.ts'

/** Stored as `history.state`. */
export interface HistoryEntry<State = unknown> {
  /** Distinguishes entries with the same path. */
  key: string
  /** How many entries of the app come before this one. */
  depth: number
  /** What a link passed on to the page it opens: `<Link href={path} state={state}>`. */
  state?: State
}

const newKey = () => Math.random().toString(36).slice(2)
const currentEntry = () => history.state as HistoryEntry

/** The first entry of a visit, or one made by a link to `#…`, comes without a state of ours. */
function ensureEntry(): void {
  if (!history.state?.key) history.replaceState({ key: newKey(), depth: 0 } satisfies HistoryEntry, '')
}

const leaveListeners = new Set<() => void>()

/** Calls back before the page changes, while it is still on the screen. Returns a function that stops that. */
export function onBeforeLeave(listener: () => void): () => void {
  leaveListeners.add(listener)
  return () => void leaveListeners.delete(listener)
}

function notifyLeave(): void {
  for (const listener of leaveListeners) listener()
}

const navigateWithEntry: AroundNavHandler = (navigateTo, path, options) => {
  notifyLeave()
  const { depth } = currentEntry()
  const entry: HistoryEntry = { key: newKey(), depth: options?.replace ? depth : depth + 1, state: options?.state }
  navigateTo(path, { replace: options?.replace || isDialogEntry(), state: entry })
}

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string
  /** Takes the place of this page in the browser's history. */
  replace?: boolean
  state?: unknown
}

/** A link within the app. wouter's follows the location, so each of the thousands of a feed would be rendered at every change of it. */
export function Link({ href, replace, state, onClick, ...attributes }: LinkProps) {
  const path = useRouter().base + href
  const open = (event: MouseEvent<HTMLAnchorElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.button !== 0) return // a new tab, or a file
    onClick?.(event)
    if (event.defaultPrevented) return
    event.preventDefault()
    navigateWithEntry(navigate, path, { replace, state })
  }
  return <a {...attributes} href={path} onClick={open} />
}

/** Outside of components. */
export const goTo = (path: string): void => navigateWithEntry(navigate, path)

/** Goes back if the app has an earlier entry, otherwise to the front page. */
export function goBack(): void {
  if (currentEntry().depth > 0) history.back()
  else navigateWithEntry(navigate, '/', { replace: true })
}

export function useHistoryEntry<State>(): HistoryEntry<State> {
  return useHistoryState<HistoryEntry<State>>()
}

ensureEntry()
// Registered before wouter's own listener, so that the old page is still there and components find an entry.
addEventListener('popstate', () => {
  notifyLeave()
  ensureEntry()
})
// scroll-restoration.ts does it; the browser would scroll a second time.
history.scrollRestoration = 'manual'

/** `base`: the path below which the app lives, without a slash at its end. */
export function AppRouter({ base = '', children }: { base?: string; children: ReactNode }) {
  return (
    <Router base={base} aroundNav={navigateWithEntry}>
      {children}
    </Router>
  )
}
