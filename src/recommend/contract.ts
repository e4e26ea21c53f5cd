// What the feed and the recommender say to each other, whether they live in one process or in two.

import type { ArticleId, ChannelId } from '../base/id.ts'
import type { Viewer } from '../base/viewer.ts'

export interface RecommendRequest {
  viewer: Viewer
  channelId: ChannelId
  /** 1 to 100. */
  count: number
  /** As the client sent it: a number given out before asks for that page, any other for a new one. */
  cursor: number
  /** Whether to say why. */
  explain?: boolean
  /** Stands above the page already: not to be on it. A wish: somebody else's recommender does not hear it. */
  excludeIds?: readonly ArticleId[]
  /** May have stood above the page with which the scroll began: if this goes on with one, to come when nothing else is left. A wish as well. */
  deprioritizedIds?: readonly ArticleId[]
}

/** What comes back with a click, a collection, a share or a read, so that it is known what led to it. */
export interface TrackingTokens {
  click: string
  collect: string
  share: string
  read: string
}

export interface RecommendResponse {
  /** The trace of the whole page; empty when there is none. */
  exposureToken: string
  /** Asks for what comes after these; 0 when nothing is left. */
  nextCursor: number
  /** Whether a scroll begins with these: they, or their lack, answer a refresh. Undefined where the recommender does not say. */
  isFirstPage?: boolean
  items: { articleId: ArticleId; track: TrackingTokens; why?: Reasons }[]
  /** Where it came from, if not from ranking for this viewer. */
  source?: FeedSource
  /** How many candidates each step left; when it was asked for and is known. */
  funnel?: { step: string; left: number }[]
}

/** Why an article stands where it stands: what found it, and what spoke for and against it. */
export interface Reasons {
  sources: string[]
  factors: Record<string, number>
}

/**
 * `model` ranked for this viewer · `remainder` cut from such a ranking · `trending` the list everybody gets · `memory` that
 * list as this process last saw it · `newest` in order of age. Clients and operators see it in X-Feed-Source.
 */
export type FeedSource = 'model' | 'remainder' | 'trending' | 'memory' | 'newest'

export interface Recommender {
  /** Throws Problem: `invalid` for an ask out of bounds, `unavailable` or `too-slow` when there is no answer in time. */
  recommend(ask: RecommendRequest): Promise<RecommendResponse>
}

export const COUNT_MAX = 100
/** Pinned above one channel. The next are ready when one of the first is withdrawn; who needs more has another page in mind. */
export const PINNED_PER_CHANNEL_MAX = 10
