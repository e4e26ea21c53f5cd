// A viewer's ranked buffer: what a ranking found beyond the served page, so that the next page needs no ranking. In memory of
// this process; discarded when the viewer does something, or after minutes. storePages checks that it is still current.

import { LRUCache } from 'lru-cache'
import { type Clock, MINUTE } from '../../base/clock.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { FunnelStep, RecommendRequest } from '../contract.ts'
import type { Policy } from '../policy/policy.ts'
import type { RankedArticle } from '../ranking-query.ts'
import type { Page, SeenPlace } from './page.ts'

/** A ranking, of which pages are cut. */
export interface Ranking {
  /** Best first. */
  articles: RankedArticle[]
  /** Of a refresh: what is pinned above its page. */
  pinnedIds?: readonly ArticleId[]
  /** New articles of which one may have a place on each page. */
  explorationCandidates: RankedArticle[]
  funnel: FunnelStep[]
  /** Steps of the ranking that failed and were left out. */
  failedSteps: readonly string[]
  /** If it has seen articles, or continues a session that had: where the session stands in their list before them. */
  seenPlace?: SeenPlace
  policy: Policy
  /** Milliseconds since 1970. */
  rankedAt: number
  /** Of the viewer's dials, as the ranking knew them. */
  dialsVersion: number
}

export interface RankedBuffer extends Ranking {
  /** The page served last; the buffer answers its nextCursor. */
  page: Page
}

// A session longer than this gets a new ranking, with the news of these minutes.
const TTL_MS = 5 * MINUTE
const VIEWERS_MAX = 3_000 // some 60 MB with eighty articles and fifty exploration candidates each
const ACTIONS_MAX = 100_000

type BufferRequest = Pick<RecommendRequest, 'channelId' | 'cursor' | 'count'>

export function createRankedBuffers(clock: Clock) {
  const buffers = new LRUCache<string, { channelId: ChannelId; buffer: RankedBuffer }>({ max: VIEWERS_MAX })
  const lastActionAt = new LRUCache<string, number>({ ...entriesMax(ACTIONS_MAX), ttl: TTL_MS })
  return {
    /**
     * Keeps what `page` has not taken of its ranking. A viewer has one buffer: a page of another channel changes what may be shown in
     * this one.
     */
    put(viewerKey: string, channelId: ChannelId, ranking: Ranking, page: Page): void {
      // The viewer did something after the ranking, while the page was being stored.
      if ((lastActionAt.get(viewerKey) ?? Number.NEGATIVE_INFINITY) >= ranking.rankedAt) return
      const served = new Set(page.articleIds)
      const unserved = (articles: RankedArticle[]) => articles.filter(({ id }) => !served.has(id))
      const [articles, explorationCandidates] = [unserved(ranking.articles), unserved(ranking.explorationCandidates)]
      buffers.set(viewerKey, { channelId, buffer: { ...ranking, page, articles, explorationCandidates } })
    },

    /**
     * Takes the buffer out if it continues at this cursor. It has no articles if it is too old, or too short for a page, or if
     * it has seen articles and the channel got an unseen one since: `newsAt`, or if another policy ranks by now.
     */
    take(viewerKey: string, { channelId, cursor, count }: BufferRequest, newsAt: number, policy: Policy): RankedBuffer | undefined {
      const entry = buffers.get(viewerKey)
      if (!entry || entry.channelId !== channelId || Number(entry.buffer.page.nextCursor) !== cursor) return undefined
      buffers.delete(viewerKey)
      const { buffer } = entry
      const { nothingUnseenAt = 0 } = buffer.seenPlace ?? {}
      const isCurrent = nothingUnseenAt === 0 || newsAt < nothingUnseenAt
      const isUsable = buffer.articles.length >= count && clock() - buffer.rankedAt < TTL_MS && isCurrent && buffer.policy === policy
      return isUsable ? buffer : { ...buffer, articles: [] }
    },

    /** When this process last heard of an action of the viewer, within the life of a buffer. */
    lastActionAt: (viewerKey: string): number => lastActionAt.get(viewerKey) ?? Number.NEGATIVE_INFINITY,

    /** After an action of the viewer: rankings from before it are stale. */
    discard(viewerKey: string): void {
      buffers.delete(viewerKey)
      lastActionAt.set(viewerKey, clock())
    },
  }
}

export type RankedBuffers = ReturnType<typeof createRankedBuffers>
