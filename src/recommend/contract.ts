// What the feed asks of a recommender and what it gets, whether the recommender runs in this process or behind gRPC.

import type { ArticleId, ChannelId } from '../base/id.ts'
import type { Viewer } from '../base/viewer.ts'

export interface RecommendRequest {
  viewer: Viewer
  channelId: ChannelId
  /** Articles wanted, from 1 to COUNT_MAX. */
  count: number
  /** The client's timestamp. A cursor that was issued to this viewer asks for its page; any other number is a refresh. */
  cursor: number
  /** Adds reasons and the funnel to the response. */
  explain?: boolean
  /** Articles that must not be on the page because they are pinned above it. A recommender of other make ignores it. */
  excludeIds?: readonly ArticleId[]
  /** Articles that may have been pinned above the first page: a continuation shows them only when nothing else is left. */
  deprioritizedIds?: readonly ArticleId[]
}

/** The strings a client sends back with a click, a collection, a share or a read of the article. */
export interface TrackingTokens {
  click: string
  collect: string
  share: string
  read: string
}

export interface RecommendResponse {
  /** The tracking token of the whole page; empty without articles. */
  exposureToken: string
  /** The cursor of the continuation; 0 when nothing is left. */
  nextCursor: number
  /** Whether this answers a refresh, and so begins a feed session. Undefined if the recommender does not say. */
  isFirstPage?: boolean
  items: RecommendedItem[]
  /** Undefined means `model`. */
  source?: FeedSource
  /** The number of candidates after each step, on a request with `explain`. */
  funnel?: FunnelStep[]
}

export interface RecommendedItem {
  articleId: ArticleId
  tokens: TrackingTokens
  reasons?: Reasons
}

/** The sources that found an article, and the factors of its score. */
export interface Reasons {
  sources: string[]
  factors: Record<string, number>
}

export interface FunnelStep {
  step: string
  left: number
}

/**
 * `model`: ranked for this viewer · `remainder`: cut from the viewer's ranked buffer · `trending`: the shared list ·
 * `memory`: the shared list as this process last read it · `newest`: by age. Sent as X-Feed-Source.
 */
export type FeedSource = 'model' | 'remainder' | 'trending' | 'memory' | 'newest'

export interface Recommender {
  /** Throws Problem: `invalid` for a request out of bounds, `unavailable` or `too-slow` if there is no answer in time. */
  recommend(request: RecommendRequest): Promise<RecommendResponse>
}

export const COUNT_MAX = 100
/** A channel shows three; the others move up when one of them is withdrawn. */
export const PINNED_PER_CHANNEL_MAX = 10
