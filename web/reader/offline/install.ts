// Installing the app to the home screen. Browsers that can do so tell it once per page; nothing is asked until the reader has opened
// some articles, and then once.

import { useSyncExternalStore } from 'react'
import { showNotice } from '../../shared/notice.tsx'
import { permanentStorage } from '../../shared/storage.ts'
import { createStore } from '../../shared/store.ts'
import { offlineWords as words } from './offline-words.ts'

/** Not among the DOM's types: only Chromium has it. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

/** By then a reader knows the app. */
const OPENED_BEFORE_HINT = 5

const installPrompt = createStore<InstallPrompt | undefined>(undefined)

export function watchInstallPrompt(): void {
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault() // no banner of the browser's
    installPrompt.set(event as InstallPrompt)
  })
  addEventListener('appinstalled', () => installPrompt.set(undefined))
}

/** Undefined if the app is installed, or this browser cannot install it. */
export function useInstall(): (() => void) | undefined {
  return useSyncExternalStore(installPrompt.subscribe, installPrompt.get) && install
}

function install(): void {
  void installPrompt.get()?.prompt()
  installPrompt.set(undefined) // a prompt can be shown once
}

/** To be called for each article that is opened. */
export function hintAtInstall(): void {
  if (permanentStorage.get('install-hint') === 'shown') return
  const opened = (permanentStorage.get<number>('install-hint') ?? 0) + 1
  const isTime = opened >= OPENED_BEFORE_HINT && installPrompt.get() !== undefined
  permanentStorage.set('install-hint', isTime ? 'shown' : opened)
  if (isTime) showNotice(words.installHint, { label: words.install, run: install })
}
