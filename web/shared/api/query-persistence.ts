// A reload should find the feed as it was: the pages are kept for this tab when it goes out of sight.

import { type DehydratedState, dehydrate, hydrate, type QueryClient } from '@tanstack/react-query'
import { ofTab } from '../storage.ts'

const FRESH_MS = 6 * 3_600_000 // after a night, news should begin anew

interface Kept {
  at: number
  state: DehydratedState
}

export function keepQueries(client: QueryClient): void {
  const kept = ofTab.get<Kept>('queries')
  if (kept && Date.now() - kept.at < FRESH_MS) hydrate(client, kept.state)
  addEventListener('pagehide', () => {
    const state = dehydrate(client, { shouldDehydrateQuery: ({ meta, state }) => meta?.kept === true && state.data !== undefined })
    ofTab.set('queries', { at: Date.now(), state } satisfies Kept)
  })
}
