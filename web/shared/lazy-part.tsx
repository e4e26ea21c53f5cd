// Parts of an app that are loaded when they are first shown. If one cannot be loaded, because the network is away or the server has a
// newer build, the reader is told, instead of losing the whole page.

import { type ComponentType, lazy, useEffect } from 'react'
import { LoadFailure } from './failure.tsx'
import { showNotice } from './notice.tsx'
import { sharedWords } from './words.ts'

/** `name`: what the module exports. */
export const lazyScreen = <Name extends string, Props>(load: () => Promise<Record<Name, ComponentType<Props>>>, name: Name) =>
  lazy<ComponentType<Props>>(() =>
    load().then(
      module => ({ default: module[name] }),
      () => ({ default: UnavailableScreen }),
    ),
  )

/** A dialog: while it loads nothing is shown. */
export const lazySheet = <Name extends string, Props extends { onClose(): void }>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
) =>
  lazy<ComponentType<Props>>(() =>
    load().then(
      module => ({ default: module[name] }),
      () => ({ default: UnavailableSheet }),
    ),
  )

const reload = () => location.reload()

function UnavailableScreen() {
  useEffect(() => {
    addEventListener('online', reload)
    return () => removeEventListener('online', reload)
  }, [])
  return (
    <main>
      <LoadFailure retry={reload} />
    </main>
  )
}

function UnavailableSheet({ onClose }: { onClose(): void }) {
  useEffect(() => {
    showNotice(sharedWords.loadFailed)
    onClose()
  }, [onClose])
  return null
}
