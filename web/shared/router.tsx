// Where we are. Three kinds of address, and the browser's own history.

import { useSyncExternalStore } from 'react'

export type Route = { name: 'feed'; channel: number } | { name: 'article'; id: string } | { name: 'unknown' }

/** What an entry of the history carries along. */
export interface Entry {
  /** Tells this entry from others of the same address. */
  key: string
  /** How many entries of ours lie before it. */
  depth: number
  /** Of an article that was opened from a list: what is known of it already. */
  from?: { trace?: string; title: string; aut_name?: string; pubdate?: string }
}

export interface Location {
  route: Route
  entry: Entry
}

const newKey = () => Math.random().toString(36).slice(2)
const hearers = new Set<() => void>()
let now: Location = read()

function read(): Location {
  if (!history.state?.key) history.replaceState({ key: newKey(), depth: 0 } satisfies Entry, '')
  return { route: routeOf(location.pathname), entry: history.state as Entry }
}

function routeOf(path: string): Route {
  if (path === '/') return { name: 'feed', channel: 0 }
  const [, kind, id = ''] = /^\/(c|article)\/(\d{1,19})\/?$/.exec(path) ?? []
  if (kind === 'c') return { name: 'feed', channel: Number(id) }
  return kind === 'article' ? { name: 'article', id } : { name: 'unknown' }
}

export const addressOf = (route: Route): string =>
  route.name === 'article' ? `/article/${route.id}` : route.name === 'feed' && route.channel > 0 ? `/c/${route.channel}` : '/'

let opened: string | undefined
/** The article that was opened last, for the list to give it the focus back. */
export const lastOpened = (): string | undefined => opened

export function go(route: Route, { replace = false, from }: { replace?: boolean; from?: Entry['from'] } = {}): void {
  if (route.name === 'article') opened = route.id
  const { depth } = now.entry
  const entry: Entry = { key: newKey(), depth: replace ? depth : depth + 1, from }
  if (replace) history.replaceState(entry, '', addressOf(route))
  else history.pushState(entry, '', addressOf(route))
  moved()
}

/** Back to the list if that is where we came from, else to the front page. */
export function goBack(): void {
  if (now.entry.depth > 0) history.back()
  else go({ name: 'feed', channel: 0 }, { replace: true })
}

const leavers = new Set<() => void>()

/** Calls back when we go elsewhere, while the screen still shows where we were. */
export function beforeLeaving(leave: () => void): () => void {
  leavers.add(leave)
  return () => void leavers.delete(leave)
}

function moved(): void {
  for (const leave of leavers) leave()
  now = read()
  for (const hear of hearers) hear()
}

addEventListener('popstate', moved)
// Each screen knows its own place (place.ts); the browser's guess would come on top of it.
history.scrollRestoration = 'manual'

export function useLocation(): Location {
  return useSyncExternalStore(
    hear => {
      hearers.add(hear)
      return () => hearers.delete(hear)
    },
    () => now,
  )
}
