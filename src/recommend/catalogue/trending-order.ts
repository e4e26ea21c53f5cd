// The articles of each channel by trending score. All weights halve alike, so time changes no order: actions and articles do.

import type { Clock } from '../../base/clock.ts'
import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { ArticleFacts } from './catalogue.ts'

interface Needs {
  clock: Clock
  weights: { ids(): Iterable<ArticleId>; at(id: ArticleId, moment: number): number }
  find: (id: ArticleId) => ArticleFacts | undefined
}

// How old the order may be: clicks come every millisecond, and sorting takes longer than that.
const ORDER_MS = 2_000

export function createTrendingOrder({ clock, weights, find }: Needs) {
  let lists = new Map<ChannelId, ArticleFacts[]>()
  let sortedAt = Number.NEGATIVE_INFINITY
  let isCurrent = false

  function sort(now: number): void {
    const scored: { facts: ArticleFacts; score: number }[] = []
    for (const id of weights.ids()) {
      const [facts, score] = [find(id), weights.at(id, now)]
      if (facts && score > 0) scored.push({ facts, score })
    }
    scored.sort((a, b) => b.score - a.score || (a.facts.id < b.facts.id ? 1 : -1))
    const all = scored.map(({ facts }) => facts)
    lists = Map.groupBy(all, facts => facts.channelId).set(RECOMMENDED_CHANNEL, all)
    sortedAt = now
    isCurrent = true
  }

  return {
    /** Highest first; only articles with which something was done. */
    of(channelId: ChannelId): Iterable<ArticleFacts> {
      const now = clock()
      if (!isCurrent && (now - sortedAt >= ORDER_MS || now < sortedAt)) sort(now)
      // An article may have been removed or replaced since.
      return (lists.get(channelId) ?? []).values().filter(facts => find(facts.id) === facts)
    },

    noteChange(): void {
      isCurrent = false
    },
  }
}
