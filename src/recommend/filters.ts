// Which candidates may be shown to the viewer. Each filter keeps a candidate if it returns true.

import type { ArticleFacts } from './catalogue/catalogue.ts'
import type { RankedArticle, RankingQuery, RankingRequest, ViewerInterests } from './ranking-query.ts'

type Rule = (article: { facts: ArticleFacts }, query: RankingRequest & ViewerInterests) => boolean

/** What holds of every article on a page, whether the viewer has seen it or not. */
export const VISIBLE: Record<string, Rule> = {
  /** Channel 0, the recommended one, has the articles of all channels. */
  channel: ({ facts }, { channelId }) => channelId === 0 || facts.channelId === channelId,
  due: ({ facts }, { now }) => facts.publishedAt <= now,
  liked: ({ facts }, { dislikedIds }) => !dislikedIds.has(facts.id),
  unblocked: ({ facts }, { blockedIds }) => !blockedIds.has(facts.authorId),
  pinned: ({ facts }, { excludeIds }) => !excludeIds?.includes(facts.id),
}
const rules = Object.values(VISIBLE)

export const isVisible: Rule = (article, query) => rules.every(isKept => isKept(article, query))

export const FILTERS: Record<string, (article: RankedArticle, query: RankingQuery) => boolean> = {
  ...VISIBLE,
  unseen: ({ id }, { seenIds }) => !seenIds.has(id),
}
