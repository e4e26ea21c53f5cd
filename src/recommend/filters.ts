// Which candidates may be shown to the viewer. Each filter keeps a candidate if it returns true. `liked` and `unblocked` are the
// rule of engines/database/visible.sql.ts, in memory; the catalogue holds published articles only.

import type { ArticleFacts } from './catalogue/catalogue.ts'
import type { RankedArticle, RankingQuery, RankingRequest, ViewerInterests } from './ranking-query.ts'

type Rule = (article: Pick<RankedArticle, 'facts' | 'hasMutedWord'>, query: Pick<RankingRequest, 'channelId'> & ViewerInterests) => boolean

/** What holds of every article that a viewer is shown, pinned ones included. */
const OFFERED: Record<string, Rule> = {
  liked: ({ facts }, { dislikedIds }) => !dislikedIds.has(facts.id),
  unblocked: ({ facts }, { blockedIds }) => !blockedIds.has(facts.authorId),
  wanted: ({ facts }, { dials }) => !dials.notInterestedIds.has(facts.id),
  /** A viewer who opens the page of a channel that they muted gets its articles. */
  unmuted: ({ facts, hasMutedWord }, { dials, channelId }) =>
    !hasMutedWord &&
    !dials.mutedAuthors.has(facts.authorId) &&
    (channelId === facts.channelId || !dials.mutedChannels.has(facts.channelId)),
}
/** What holds of every article on a page, whether the viewer has seen it or not. */
export const VISIBLE: Record<string, Rule> = {
  /** Channel 0, the recommended one, has the articles of all channels. */
  channel: ({ facts }, { channelId }) => channelId === 0 || facts.channelId === channelId,
  ...OFFERED,
}
const [offeredRules, visibleRules] = [Object.values(OFFERED), Object.values(VISIBLE)]

export const isOffered: Rule = (article, query) => offeredRules.every(isKept => isKept(article, query))
export const isVisible: Rule = (article, query) => visibleRules.every(isKept => isKept(article, query))

/** Whether the viewer has turned the article or its author off, by whatever means. */
export const isPutAway = ({ id, authorId }: ArticleFacts, { dislikedIds, blockedIds, dials }: ViewerInterests): boolean =>
  dislikedIds.has(id) || blockedIds.has(authorId) || dials.notInterestedIds.has(id) || dials.mutedAuthors.has(authorId)

export const FILTERS: Record<string, (article: RankedArticle, query: RankingQuery) => boolean> = {
  ...VISIBLE,
  unseen: ({ id }, { seenIds }) => !seenIds.has(id),
}
