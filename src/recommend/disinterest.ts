// "Not interested" in an article says something about its author and its channel: each such answer lowers their other articles.

import type { ArticleId, ChannelId, ReaderId } from '../base/id.ts'
import type { ArticleFacts } from './catalogue/catalogue.ts'

export interface Disinterest {
  /** A factor from above 0 to 1. */
  of(facts: ArticleFacts): number
}

// After two about an author their articles come behind most others. A channel has many authors: it takes five.
const PER_AUTHOR = 0.6
const PER_CHANNEL = 0.85
// So that an order is left among them: a viewer who lowers everything still gets full pages.
const FACTOR_MIN = 0.1

export function disinterestOf(ids: Iterable<ArticleId>, factsOf: (id: ArticleId) => ArticleFacts | undefined): Disinterest {
  const authors = new Map<ReaderId, number>()
  const channels = new Map<ChannelId, number>()
  for (const id of ids) {
    const facts = factsOf(id)
    if (!facts) continue
    authors.set(facts.authorId, (authors.get(facts.authorId) ?? 1) * PER_AUTHOR)
    channels.set(facts.channelId, (channels.get(facts.channelId) ?? 1) * PER_CHANNEL)
  }
  return {
    of: ({ authorId, channelId }) => Math.max(FACTOR_MIN, (authors.get(authorId) ?? 1) * (channels.get(channelId) ?? 1)),
  }
}
