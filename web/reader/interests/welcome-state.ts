// Whether the reader is asked what they like: once, on a device that has not been asked.

import { useSyncExternalStore } from 'react'
import { permanentStorage, tabStorage } from '../../shared/storage.ts'
import { createStore } from '../../shared/store.ts'

/** What came of it, shown above the feed for as long as the tab is open or until it is closed. */
export interface Picked {
  names: string[]
  /** Of the articles of the next page, how many are of these channels, and how many there are. */
  matching: number
  articles: number
}

type Welcome = 'ask' | 'done' | Picked

const welcome = createStore<Welcome>(permanentStorage.get('welcomed') ? (tabStorage.get<Picked>('picked') ?? 'done') : 'ask')

export const useWelcome = (viewer: string): Welcome => {
  const current = useSyncExternalStore(welcome.subscribe, welcome.get)
  return current === 'ask' && viewer !== 'device' ? 'done' : current
}

export function endWelcome(picked?: Picked): void {
  permanentStorage.set('welcomed', true)
  if (picked) tabStorage.set('picked', picked)
  else tabStorage.remove('picked')
  welcome.set(picked ?? 'done')
}
