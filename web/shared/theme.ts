// Light or dark. The system decides until the reader chooses. first-theme.ts applies the choice before the first paint and
// reads it as plain text, so it is not stored as JSON.

import { useSyncExternalStore } from 'react'
import { createStore } from './store.ts'

export type Theme = 'light' | 'dark'

const systemDark = matchMedia('(prefers-color-scheme: dark)')
const PAPER: Record<Theme, string> = { light: '#fcfbf7', dark: '#161513' }

const systemTheme = (): Theme => (systemDark.matches ? 'dark' : 'light')
/** Undefined while the system decides. */
const choice = createStore(document.documentElement.dataset.theme as Theme | undefined)
const currentTheme = (): Theme => choice.get() ?? systemTheme()

/** Undefined: the system's. */
export function chooseTheme(theme: Theme | undefined): void {
  const { dataset } = document.documentElement
  if (theme) dataset.theme = theme
  else delete dataset.theme
  try {
    if (theme) localStorage.setItem('broadsheet.theme', theme)
    else localStorage.removeItem('broadsheet.theme')
  } catch {}
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) meta.content = PAPER[theme ?? systemTheme()]
  choice.set(theme)
}

/** Choosing the system's own theme removes the choice, so that the system is followed again. */
export function toggleTheme(): void {
  const theme = currentTheme() === 'dark' ? 'light' : 'dark'
  chooseTheme(theme === systemTheme() ? undefined : theme)
}

/** Undefined while the system decides. */
export const useThemeChoice = (): Theme | undefined => useSyncExternalStore(choice.subscribe, choice.get)

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme)
}

function subscribe(listener: () => void): () => void {
  const unsubscribe = choice.subscribe(listener)
  systemDark.addEventListener('change', listener)
  return () => {
    unsubscribe()
    systemDark.removeEventListener('change', listener)
  }
}
