// What a ranking is asked (RankingRequest), what it knows after the query step (RankingQuery), and what it ranks.

import type { ArticleId, ChannelId, ReaderId } from '../base/id.ts'
import type { Language } from '../base/language.ts'
import type { ChannelAffinity, Click } from './affinity.ts'
import type { ArticleFacts } from './catalogue/catalogue.ts'
import type { Disinterest } from './disinterest.ts'
import type { Candidate } from './pipeline/pipeline.ts'
import type { Policy, Ranker } from './policy/policy.ts'

export interface RankingRequest {
  /** As base/viewer-key.ts writes it; undefined for an anonymous viewer. */
  viewerKey: string | undefined
  channelId: ChannelId
  /** Milliseconds since 1970. */
  now: number
  /** Articles wanted. */
  count: number
  policy: Policy
  /** Undefined for an anonymous viewer. */
  context?: ViewerContext
  /** The page that is continued. */
  previousPage?: { articleIds: ArticleId[] }
}

/** A viewer's rows, which are still being read when the ranking begins. */
export interface ViewerContext {
  /** When reading began, in milliseconds since 1970: later actions of the viewer may be missing. */
  loadedAt: number
  history: Promise<ViewerHistory>
  interests: Promise<ViewerInterests>
}

export interface ViewerHistory {
  /** Articles that are filtered out: seen, or already in this feed session, on its pages or pinned above. */
  seenIds: ReadonlySet<ArticleId>
  /** Articles served lately and perhaps not seen, each with its rank, the longest ago first. */
  recentlyServed: ReadonlyMap<ArticleId, number>
  /** The next seen articles that the session shows again, if it has come so far. */
  seenAgain?: SeenAgain
}

export interface SeenAgain {
  listId: bigint
  /** The index of the first one in the list. */
  start: number
  ids: ArticleId[]
  /** The channel got no article since the ranking found nothing unseen: then the rest of what was seen is not read. */
  isAllThatIsLeft: boolean
}

export interface ViewerInterests {
  followedIds: ReadonlySet<ReaderId>
  /** The newest first. */
  recentClicks: Click[]
  dislikedIds: ReadonlySet<ArticleId>
  blockedIds: ReadonlySet<ReaderId>
  dials: ViewerDials
}

/** What the viewer has told the feed (features/dials). */
export interface ViewerDials {
  /** Grows with each change; 0 if the viewer has set nothing. */
  version: number
  interests: ReadonlySet<ChannelId>
  language?: Language
  mutedAuthors: ReadonlySet<ReaderId>
  mutedChannels: ReadonlySet<ChannelId>
  mutedWords: readonly string[]
  notInterestedIds: ReadonlySet<ArticleId>
}

export const NO_DIALS: ViewerDials = {
  version: 0,
  interests: new Set(),
  mutedAuthors: new Set(),
  mutedChannels: new Set(),
  mutedWords: [],
  notInterestedIds: new Set(),
}

export interface RankingQuery extends RankingRequest, ViewerHistory, ViewerInterests {
  affinity: ChannelAffinity
  disinterest: Disinterest
  /** Articles covisited with the recent clicks, each with its similarity from 0 to 1. */
  covisited: ReadonlyMap<ArticleFacts, number>
}

export interface RankedArticle extends Candidate {
  facts: ArticleFacts
  /** To the viewer's recent clicks, from 0 to 1; undefined counts as 0. */
  similarity?: number
  /** How likely it is to be clicked, beside a usual candidate, as the model expects; undefined while the model is not used. */
  appeal?: number
  /** What said so. */
  ranker?: Ranker
  /** The title has a word that the viewer has muted. */
  hasMutedWord?: boolean
  /** The probability of its place, if that was drawn by chance. */
  propensity?: number
  /** Its index in the session's list of seen articles, if it is shown again. */
  seenIndex?: number
}
