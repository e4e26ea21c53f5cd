// What active viewers have seen and like, in memory of this process: their refresh reads nothing before it is stored. It is kept
// current by their own pages and by what the consumer hears of them. storePages checks that nothing is missing in it.

import { LRUCache } from 'lru-cache'
import { type Clock, MINUTE, SECOND } from '../base/clock.ts'
import { entriesMax } from '../base/entries-max.ts'
import type { ArticleId } from '../base/id.ts'
import type { Click } from './affinity.ts'
import type { RecommendRequest } from './contract.ts'
import type { CursorTarget } from './pages/cursor.sql.ts'
import { type Heard, type Knowledge, NEWEST_PAGES, type Page } from './pages/page.ts'
import type { ViewerContext, ViewerInterests } from './ranking-query.ts'
import { decodeListCursor } from './shared-lists/list-cursor.ts'
import { type LoadedContext, RECENT_CLICKS } from './viewer-context.ts'

interface Remembered {
  context: ViewerContext
  target: CursorTarget | undefined
  knowledge: Knowledge
  version: ViewerVersion
}

/** Another object as soon as the viewer has done something or got a page. */
export type ViewerVersion = object

type At = Pick<RecommendRequest, 'channelId' | 'cursor'>

/** A page that this process stored, and what it was asked for by. */
interface OwnPage {
  request: RecommendRequest
  page: Page
  /** What its session shows nowhere else, besides what is on its pages: pinned above it. */
  sessionIds: readonly ArticleId[]
}

interface RecentViewer extends Omit<Knowledge, 'heard'> {
  loadedAt: number
  seenIds: Set<ArticleId>
  recentlyServed: Map<ArticleId, number>
  /** The highest number in `recentlyServed`. */
  lastRank: number
  interests: ViewerInterests
  /** Of the session that was continued when the viewer was loaded, until its page is noted. */
  sessionIds?: readonly ArticleId[]
  /** Stored by this process, the newest first. */
  ownPages: readonly OwnPage[]
}

// Then it is read again, for what neither a log nor the check tells of: a dislike that was taken back, a month that is over.
const LIFE_MS = 10 * MINUTE
// As measured with viewers of one page, with those who have seen four hundred articles, and with those who also clicked and scrolled.
const [VIEWER_BYTES, PAGE_BYTES, ID_BYTES] = [2_000, 1_000, 64]
const BYTES_MAX = 32_000_000 // a thousand viewers who have seen four hundred articles each, or nine thousand of one page
const OWN_PAGES = 4 // of a few channels
const CLIENT_CLOCK_MS = 5 * SECOND // behind ours, and the way here
const DOUBTED_MAX = 10_000

const SEEN_BY = new Set(['click', 'exposure'])
const CLICKED_BY = new Set(['click', 'search'])

export function createRecentViewers(clock: Clock) {
  const viewers = new LRUCache<string, RecentViewer>({
    maxSize: BYTES_MAX,
    sizeCalculation: bytesOf,
  })
  const doubted = new LRUCache<string, true>({ ...entriesMax(DOUBTED_MAX), ttl: LIFE_MS })
  let lastClicked: string | undefined
  let heardUpTo: (() => Heard) | undefined

  const isOld = ({ loadedAt }: RecentViewer) => clock() - loadedAt > LIFE_MS

  /** Those who have left are never asked for again. */
  function forgetOld(): void {
    for (const viewerKey of viewers.rkeys()) {
      const viewer = viewers.peek(viewerKey)
      if (!viewer || !isOld(viewer)) return
      viewers.delete(viewerKey)
    }
  }

  return {
    /** `position`: up to where the logs are heard. Before this call no viewer is remembered. */
    follow(position: () => Heard): void {
      heardUpTo = position
    },

    /** Undefined if the viewer is not remembered, or if the cursor may be that of a page which is not. */
    find(viewerKey: string, { channelId, cursor }: At): Remembered | undefined {
      const viewer = viewers.get(viewerKey)
      const heard = heardUpTo?.()
      const now = clock()
      if (!viewer || !heard) return undefined
      if (isOld(viewer)) return void viewers.delete(viewerKey)
      const { ownPages, seenIds, recentlyServed, interests, newestPageIds, today, seenToday } = viewer
      const continued = ownPages.find(({ request, page }) => request.channelId === channelId && Number(page.nextCursor) === cursor)
      // The cursors of pages are the times at which they were made, and count down from there; a client's is its time now. That of a
      // shared list is higher, and the viewer has seen what is above it.
      if (!continued && (cursor < now - CLIENT_CLOCK_MS || decodeListCursor(cursor, now))) return undefined
      if (ownPages.some(({ request }) => request.channelId === channelId && request.cursor === cursor)) return undefined
      for (const id of continued?.page.articleIds ?? []) seenIds.add(id)
      const { sessionIds = [] } = continued ?? {}
      const history = { seenIds: sessionIds.length > 0 ? new Set([...seenIds, ...sessionIds]) : seenIds, recentlyServed }
      return {
        context: { loadedAt: now, history: Promise.resolve(history), interests: Promise.resolve(interests) },
        target: continued && { kind: 'continuation', page: continued.page },
        knowledge: { newestPageIds, today, seenToday, heard },
        version: viewer,
      }
    },

    /** What a refresh of the viewer now would ask, like their last request. */
    nextRequestOf(viewerKey: string): RecommendRequest | undefined {
      const last = viewers.peek(viewerKey)?.ownPages[0]
      return last && { ...last.request, cursor: clock() }
    },

    /** The last remembered viewer who has clicked since the last call. */
    takeLastClicked(): string | undefined {
      const viewerKey = lastClicked
      lastClicked = undefined
      return viewerKey
    },

    /** What was read for a ranking, unless the viewer has done something meanwhile, which it may lack. */
    async remember(viewerKey: string, { loadedAt, history, interests }: LoadedContext, lastActionAt: number): Promise<void> {
      if (lastActionAt >= loadedAt || doubted.has(viewerKey)) return
      const { lastinglySeenIds, recentlyServed, sessionIds, newestPageIds, today, seenToday, seenAgain, wasInList } = await history
      // A session's list is not in memory, and what was seen may not have been read; `seenToday` is from before a shared list was seen.
      if (seenAgain || wasInList) return void viewers.delete(viewerKey)
      forgetOld()
      viewers.set(viewerKey, {
        loadedAt,
        seenIds: lastinglySeenIds,
        recentlyServed,
        lastRank: recentlyServed.values().reduce((a, b) => Math.max(a, b), -1),
        interests: await interests,
        newestPageIds,
        today,
        seenToday,
        sessionIds,
        ownPages: viewers.peek(viewerKey)?.ownPages ?? [],
      })
    },

    /** After a page was stored. */
    noteServed(viewerKey: string, request: RecommendRequest, page: Page, previousPage?: Page): void {
      const viewer = viewers.peek(viewerKey)
      if (!viewer) return
      const continued = previousPage && viewer.ownPages.find(own => own.page.id === previousPage.id)
      for (const id of previousPage?.articleIds ?? []) {
        viewer.seenIds.add(id)
        viewer.recentlyServed.delete(id) // each ranking looks at those that may be unseen
      }
      for (const id of page.articleIds) viewer.recentlyServed.set(id, ++viewer.lastRank)
      const sessionIds = previousPage ? (continued ?? viewer).sessionIds : page.pinnedIds
      if (!sessionIds) return void viewers.delete(viewerKey)
      viewers.set(viewerKey, {
        ...viewer,
        sessionIds: undefined,
        newestPageIds: [page.id, ...viewer.newestPageIds].slice(0, NEWEST_PAGES),
        ownPages: [{ request, page, sessionIds }, ...viewer.ownPages].slice(0, OWN_PAGES),
      })
    },

    /** A behaviour that the log brings. */
    noteAction(viewerKey: string, { action, id, at }: { action: string; id: ArticleId; at: number }): void {
      const viewer = viewers.peek(viewerKey)
      if (!viewer) return
      if (SEEN_BY.has(action)) viewer.seenIds.add(id)
      const interests = CLICKED_BY.has(action) ? withClick(viewer.interests, { id, at }) : viewer.interests
      if (action === 'like' || action === 'dislike') viewers.delete(viewerKey)
      else viewers.set(viewerKey, { ...viewer, interests })
      if (action === 'click') lastClicked = viewerKey
    },

    /** A page could not be stored: what was remembered may lack something. Where processes serve a viewer by turns, it always would. */
    doubt(viewerKey: string, { newestPageIds }: Knowledge): void {
      const viewer = viewers.peek(viewerKey)
      // Two requests at once: meanwhile this process has stored a page, which is noted.
      if (!viewer || viewer.newestPageIds[0] !== newestPageIds[0]) return
      viewers.delete(viewerKey)
      doubted.set(viewerKey, true)
    },

    forget: (viewerKey: string): void => void viewers.delete(viewerKey),
    forgetAll: (): void => viewers.clear(),
  }
}

function bytesOf({ seenIds, recentlyServed, interests, ownPages }: RecentViewer): number {
  const { followedIds, recentClicks, dislikedIds, blockedIds, dials } = interests
  const { interests: channels, mutedAuthors, mutedChannels, mutedWords, notInterestedIds } = dials
  const sets = [seenIds, recentlyServed, followedIds, dislikedIds, blockedIds, channels, mutedAuthors, mutedChannels, notInterestedIds]
  const ids = sets.reduce((sum, { size }) => sum + size, recentClicks.length + mutedWords.length)
  return VIEWER_BYTES + PAGE_BYTES * ownPages.length + ID_BYTES * ids
}

export type RecentViewers = ReturnType<typeof createRecentViewers>

/** As findInterests reads them: each article once, with its newest click, the newest first. */
function withClick(interests: ViewerInterests, click: Click): ViewerInterests {
  const before = interests.recentClicks.find(({ id }) => id === click.id)
  const newest = before && before.at > click.at ? before : click
  const others = interests.recentClicks.filter(({ id }) => id !== click.id)
  return { ...interests, recentClicks: [newest, ...others].toSorted((a, b) => b.at - a.at).slice(0, RECENT_CLICKS.limit) }
}
