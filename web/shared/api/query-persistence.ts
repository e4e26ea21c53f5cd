// Keeps query results for this tab, so that a reload shows the pages that were already loaded.

import { type DehydratedState, dehydrate, hydrate, type QueryClient } from '@tanstack/react-query'
import { LANGUAGE } from '../language.ts'
import { tabStorage } from '../storage.ts'

const MAX_AGE_MS = 6 * 3_600_000 // after a night, readers want a new feed

/** The `meta` of queries whose results are kept. */
export const PERSISTENT = { persistent: true }

interface SavedQueries {
  at: number
  /** Of the interface: names of channels are translated. */
  language: string
  state: DehydratedState
}

/** Loads what was saved, and saves again whenever the page is hidden. */
export function persistQueries(client: QueryClient): void {
  const saved = tabStorage.get<SavedQueries>('queries')
  if (saved && saved.language === LANGUAGE && Date.now() - saved.at < MAX_AGE_MS) hydrate(client, saved.state)
  addEventListener('pagehide', () => {
    const shouldDehydrateQuery: NonNullable<Parameters<typeof dehydrate>[1]>['shouldDehydrateQuery'] = ({ meta, state }) =>
      meta?.persistent === true && state.data !== undefined
    const state = dehydrate(client, { shouldDehydrateQuery })
    tabStorage.set('queries', { at: Date.now(), language: LANGUAGE, state } satisfies SavedQueries)
  })
}
