// Chooses the articles of the next pages from the ranking: diverse first, recently served ones last.

import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RankedArticle, RankingQuery } from '../ranking-query.ts'
import { diversify } from './diversity.ts'

type Selector = (ranked: RankedArticle[], query: RankingQuery) => RankedArticle[]

export const createSelectors = (catalogue: Catalogue): Record<string, Selector> => ({
  diversity(ranked, { count, channelId, previousPage, recentlyServed, policy }) {
    const previousAuthors = Array.from(catalogue.factsOf(previousPage?.articleIds ?? []), facts => facts.authorId)
    const unserved = ranked.filter(article => !recentlyServed.has(article.id))
    const chosen = diversify(unserved, {
      count,
      by: [
        { keyOf: ({ facts }) => facts.authorId, factor: policy.diversity.author, previousKeys: previousAuthors },
        // In a channel of its own every article shares the channel.
        { keyOf: ({ facts }) => facts.channelId, factor: channelId === 0 ? policy.diversity.channel : 1, previousKeys: [] },
      ],
    })
    const servedRank = (article: RankedArticle) => recentlyServed.get(article.id) ?? 0
    const served = ranked.filter(article => recentlyServed.has(article.id)).toSorted((a, b) => servedRank(a) - servedRank(b))
    return [...chosen, ...served.slice(0, count - chosen.length)]
  },
})
