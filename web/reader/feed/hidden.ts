// What the reader has just turned off. The server leaves it out of the next page; pages that are loaded already leave it out here, as
// long as this tab keeps them.

import { useSyncExternalStore } from 'react'
import { tabStorage } from '../../shared/storage.ts'
import { createStore } from '../../shared/store.ts'
import { RECOMMENDED } from '../api/channel-names.ts'
import type { PlainCard } from '../api/types.ts'

interface Hidden {
  articles: readonly string[]
  authors: readonly string[]
  channels: readonly string[]
}

const NOTHING: Hidden = { articles: [], authors: [], channels: [] }

const hidden = createStore<Hidden>({ ...NOTHING, ...tabStorage.get<Hidden>('hidden') })

type Target = Pick<PlainCard, 'art_id' | 'aut_id' | 'ch_id'>

/** `feed`: the channel whose feed it is in. That of a channel that was turned off still has its articles. */
export function isHidden({ art_id, aut_id, ch_id }: Target, feed: number): boolean {
  const { articles, authors, channels } = hidden.get()
  return articles.includes(art_id) || authors.includes(aut_id) || (feed === RECOMMENDED && channels.includes(String(ch_id)))
}

/** Returns what shows it again. */
export function hide(kind: keyof Hidden, id: string): () => void {
  setIds(kind, [...hidden.get()[kind], id])
  return () => showAgain(kind, id)
}

function setIds(kind: keyof Hidden, ids: readonly string[]): void {
  hidden.set({ ...hidden.get(), [kind]: ids })
  tabStorage.set('hidden', hidden.get())
}

/** Of what the reader has taken back on another screen. Returns what hides it again, if it was. */
export function showAgain(kind: keyof Hidden, id: string): () => void {
  const ids = hidden.get()[kind]
  setIds(
    kind,
    ids.filter(other => other !== id),
  )
  return () => void (ids.includes(id) && hide(kind, id))
}

/** It is about the reader who signs out. */
export function forgetHidden(): void {
  hidden.set(NOTHING)
  tabStorage.remove('hidden')
}

/** Renders again when something is hidden or shown. */
export const useHidden = (): Hidden => useSyncExternalStore(hidden.subscribe, hidden.get)
