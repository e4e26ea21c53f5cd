// Which candidates may be shown to the viewer. Each filter keeps a candidate if it returns true.

import type { ArticleFacts } from './catalogue/catalogue.ts'
import type { RankedArticle, RankingQuery, RankingRequest } from './ranking-query.ts'

type Filter = (article: RankedArticle, query: RankingQuery) => boolean

export const isDue = (facts: ArticleFacts, { now }: RankingRequest): boolean => facts.publishedAt <= now
/** Channel 0, the recommended one, has the articles of all channels. */
export const isInChannel = (facts: ArticleFacts, { channelId }: RankingRequest): boolean => channelId === 0 || facts.channelId === channelId

export const FILTERS: Record<string, Filter> = {
  channel: ({ facts }, query) => isInChannel(facts, query),
  due: ({ facts }, query) => isDue(facts, query),
  unseen: ({ id }, { seenIds }) => !seenIds.has(id),
  liked: ({ id }, { dislikedIds }) => !dislikedIds.has(id),
  unblocked: ({ facts }, { blockedIds }) => !blockedIds.has(facts.authorId),
  pinned: ({ id }, { excludeIds }) => !excludeIds?.includes(id),
}
