// The size of the text that people wrote: headlines, articles and comments, on every screen. Kept in this browser.

import { useSyncExternalStore } from 'react'
import { permanentStorage } from '../shared/storage.ts'
import { createStore } from '../shared/store.ts'
import { forgetHeights } from './feed/near-screen.ts'

const SCALES = { small: 0.9, normal: 1, large: 1.15, largest: 1.35 }
export type TextSize = keyof typeof SCALES
export const TEXT_SIZES = Object.keys(SCALES) as TextSize[]

const stored = permanentStorage.get<TextSize>('text-size')
const size = createStore<TextSize>(stored && stored in SCALES ? stored : 'normal')

/** Before the first screen is rendered, or its lines would move. */
const apply = () => document.documentElement.style.setProperty('--text-scale', String(SCALES[size.get()]))
apply()

export const useTextSize = (): TextSize => useSyncExternalStore(size.subscribe, size.get)

export function chooseTextSize(next: TextSize): void {
  permanentStorage.set('text-size', next)
  forgetHeights()
  size.set(next)
  apply()
}
