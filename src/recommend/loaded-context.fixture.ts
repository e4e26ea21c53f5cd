import type { ArticleId } from '../base/id.ts'
import { NO_DIALS } from './ranking-query.ts'
import type { LoadedContext } from './viewer-context.ts'

/** As it is read of a viewer who has clicked once. */
export const loadedContext = (loadedAt: number, seen: ArticleId[] = []): LoadedContext => ({
  loadedAt,
  history: Promise.resolve({
    seenIds: new Set(seen),
    lastinglySeenIds: new Set(seen),
    sessionIds: [],
    recentlyServed: new Map(),
    newestPageIds: [],
    today: '2027-01-15',
    seenToday: 0,
    wasInList: false,
  }),
  interests: Promise.resolve({
    followedIds: new Set(),
    recentClicks: [{ id: 3n as ArticleId, at: 30 }],
    dislikedIds: new Set(),
    blockedIds: new Set(),
    dials: NO_DIALS,
  }),
})
