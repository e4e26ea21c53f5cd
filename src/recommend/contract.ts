// What the feed asks of a recommender and what it gets, whether the recommender runs in this process or behind gRPC.

import type { ArticleId, ChannelId } from '../base/id.ts'
import { invalid } from '../base/problem.ts'
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
  /** Puts the channel's pinned articles above the page if it begins a feed session. A recommender of other make ignores it. */
  withPinned?: boolean
}

/** The strings a client sends back with a click, a collection, a share or a read of the article. */
export interface TrackingTokens {
  click: string
  collect: string
  share: string
  read: string
  /** All of them as JSON, if this process has signed them. */
  json?: string
}

export interface RecommendResponse {
  /** The tracking token of the whole page; empty without articles. */
  exposureToken: string
  /** The cursor of the continuation; 0 when nothing is left. */
  nextCursor: number
  /** Shown above the items; the session shows them nowhere else. Only on a page that begins a session. */
  pinned?: RecommendedItem[]
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
  /** The answer if this process has it in memory: there at once, so it needs no deadline. */
  recall?(request: RecommendRequest): RecommendResponse | undefined
  /** Throws Problem: `invalid` for a request out of bounds, `unavailable` or `too-slow` if there is no answer in time. */
  recommend(request: RecommendRequest): Promise<RecommendResponse>
}

export const COUNT_MAX = 100
/** A channel shows the first three, because more would fill the first screen of a phone; others move up when one is withdrawn. */
export const PINNED_SHOWN_MAX = 3
export const PINNED_PER_CHANNEL_MAX = 10
/** A page row and a token hold the version and what ranked in one number of 15 bits. */
export const POLICY_VERSION_MAX = 8_191
/** Of a policy as a file: ten times one that names everything. */
export const POLICY_BYTES_MAX = 64 * 1024
/** Of an experiment. Shares are of all viewers: below `shareMin`, a thousandth of them would decide for all; the control is half of all. */
export const EXPERIMENT_LIMITS = { nameMax: 60, reasonMax: 200, shareMin: 0.01, shareMax: 0.5 }

export function validateRequest({ channelId, count, cursor }: RecommendRequest): void {
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) throw invalid(`article_num must be from 1 to ${COUNT_MAX}`)
  if (!Number.isInteger(channelId) || channelId < 0) throw invalid('channel_id must be 0 or more')
  if (!Number.isSafeInteger(cursor) || cursor < 0) throw invalid('time_stamp must be milliseconds since 1970')
}
