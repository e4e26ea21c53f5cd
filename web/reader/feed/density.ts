// How much of the feed is on a phone's screen: large pictures, or more headlines. Until a reader chooses, the first visit of a day is
// comfortable and later ones, which look for what is new, are compact.

import { useSyncExternalStore } from 'react'
import { permanentStorage, tabStorage } from '../../shared/storage.ts'
import { createStore } from '../../shared/store.ts'
import { forgetHeights } from './near-screen.ts'

export type Density = 'comfortable' | 'compact'

const today = () => new Date().toDateString()

/** One tab is one visit, also after a reload. */
function densityOfVisit(): Density {
  const known = tabStorage.get<Density>('density')
  if (known) return known
  const density = permanentStorage.get('last-visit') === today() ? 'compact' : 'comfortable'
  permanentStorage.set('last-visit', today())
  tabStorage.set('density', density)
  return density
}

const density = createStore<Density>(permanentStorage.get<Density>('density') ?? densityOfVisit())

export const useDensity = (): Density => useSyncExternalStore(density.subscribe, density.get)

export function chooseDensity(next: Density): void {
  permanentStorage.set('density', next)
  forgetHeights()
  density.set(next)
}
