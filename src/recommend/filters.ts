// Which candidates may be shown to the viewer. Each filter keeps a candidate if it returns true; most viewers have turned nothing off,
// and then a filter has nothing to look at. `liked` and `unblocked` are the rule of engines/database/visible.sql.ts, in memory; the
// catalogue holds published articles only.

import type { ArticleFacts } from './catalogue/catalogue.ts'
import type { Filter } from './pipeline/pipeline.ts'
import type { RankedArticle, RankingQuery, RankingRequest, ViewerInterests } from './ranking-query.ts'

type Article = Pick<RankedArticle, 'facts' | 'hasMutedWord'>
type Viewer = Pick<RankingRequest, 'channelId'> & ViewerInterests
type Rule = Filter<Viewer, Article>

/** What holds of every article that a viewer is shown, pinned ones included. */
const OFFERED: Record<string, Rule> = {
  liked: ({ dislikedIds }) => (dislikedIds.size === 0 ? undefined : ({ facts }) => !dislikedIds.has(facts.id)),
  unblocked: ({ blockedIds }) => (blockedIds.size === 0 ? undefined : ({ facts }) => !blockedIds.has(facts.authorId)),
  wanted: ({ dials: { notInterestedIds } }) => (notInterestedIds.size === 0 ? undefined : ({ facts }) => !notInterestedIds.has(facts.id)),
  /** A viewer who opens the page of a channel that they muted gets its articles. */
  unmuted: ({ dials: { mutedAuthors, mutedChannels, mutedWords }, channelId }) =>
    mutedAuthors.size + mutedChannels.size + mutedWords.length === 0
      ? undefined
      : ({ facts, hasMutedWord }) =>
          !hasMutedWord && !mutedAuthors.has(facts.authorId) && (channelId === facts.channelId || !mutedChannels.has(facts.channelId)),
}
/** What holds of every article on a page, whether the viewer has seen it or not. */
export const VISIBLE: Record<string, Rule> = {
  /** Channel 0, the recommended one, has the articles of all channels. */
  channel: ({ channelId }) => (channelId === 0 ? undefined : ({ facts }) => facts.channelId === channelId),
  ...OFFERED,
}
const [offeredRules, visibleRules] = [Object.values(OFFERED), Object.values(VISIBLE)]

/** All rules at once. */
function together(rules: readonly Rule[], viewer: Viewer): (article: Article) => boolean {
  const active = rules.flatMap(rule => rule(viewer) ?? [])
  return active.length === 0 ? () => true : article => active.every(isKept => isKept(article))
}

export const isOffered = (article: Article, viewer: Viewer): boolean => together(offeredRules, viewer)(article)
export const visibleTo = (viewer: Viewer) => together(visibleRules, viewer)

/** Whether the viewer has turned the article or its author off, by whatever means. */
export const isPutAway = ({ id, authorId }: ArticleFacts, { dislikedIds, blockedIds, dials }: ViewerInterests): boolean =>
  dislikedIds.has(id) || blockedIds.has(authorId) || dials.notInterestedIds.has(id) || dials.mutedAuthors.has(authorId)

export const FILTERS: Record<string, Filter<RankingQuery, RankedArticle>> = {
  ...VISIBLE,
  unseen: ({ seenIds }) => (seenIds.size === 0 ? undefined : ({ id }) => !seenIds.has(id)),
}
