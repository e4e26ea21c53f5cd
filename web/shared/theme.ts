// Light or dark: the system's wish, until the reader says otherwise. public/theme.js applies the choice before the first
// paint, which is why it is stored as bare text.

import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark'

const system = matchMedia('(prefers-color-scheme: dark)')
const PAPER: Record<Theme, string> = { light: '#fcfbf7', dark: '#161513' }
const hearers = new Set<() => void>()

const ofSystem = (): Theme => (system.matches ? 'dark' : 'light')
const current = (): Theme => (document.documentElement.dataset.theme as Theme | undefined) ?? ofSystem()

/** A choice that agrees with the system is none: from then on the system is followed again. */
export function toggleTheme(): void {
  const wanted = current() === 'dark' ? 'light' : 'dark'
  const { dataset } = document.documentElement
  if (wanted === ofSystem()) delete dataset.theme
  else dataset.theme = wanted
  try {
    if (dataset.theme) localStorage.setItem('broadsheet.theme', wanted)
    else localStorage.removeItem('broadsheet.theme')
  } catch {}
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) meta.content = PAPER[wanted]
  for (const hear of hearers) hear()
}

export function useTheme(): Theme {
  return useSyncExternalStore(hear => {
    hearers.add(hear)
    system.addEventListener('change', hear)
    return () => {
      hearers.delete(hear)
      system.removeEventListener('change', hear)
    }
  }, current)
}
