// Chooses the articles of the next pages from the ranking: diverse first, recently served ones last. What is not in the language that
// the viewer has chosen comes behind all that is.

import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RankedArticle, RankingQuery } from '../ranking-query.ts'
import { diversify } from './diversity.ts'

type Selector = (ranked: RankedArticle[], query: RankingQuery) => RankedArticle[]

export const createSelectors = (catalogue: Catalogue): Record<string, Selector> => ({
  diversity(ranked, { count, channelId, previousPage, recentlyServed, dials, policy }) {
    const previousAuthors = Array.from(catalogue.factsOf(previousPage?.articleIds ?? []), facts => facts.authorId)
    const by = [
      { keyOf: ({ facts }: RankedArticle) => facts.authorId, factor: policy.diversity.author, previousKeys: previousAuthors },
      // In a channel of its own every article shares the channel.
      { keyOf: ({ facts }: RankedArticle) => facts.channelId, factor: channelId === 0 ? policy.diversity.channel : 1, previousKeys: [] },
    ]
    const choose = (candidates: RankedArticle[], most: number) => {
      if (recentlyServed.size === 0) return diversify(candidates, { count: most, by })
      const [unserved, served] = [[] as RankedArticle[], [] as { article: RankedArticle; rank: number }[]]
      for (const article of candidates) {
        const rank = recentlyServed.get(article.id)
        if (rank === undefined) unserved.push(article)
        else served.push({ article, rank })
      }
      const chosen = diversify(unserved, { count: most, by })
      if (chosen.length === most) return chosen
      const behind = served.toSorted((a, b) => a.rank - b.rank).slice(0, most - chosen.length)
      return [...chosen, ...behind.map(({ article }) => article)]
    }
    if (dials.language === undefined) return choose(ranked, count)
    const isOwn = ({ facts }: RankedArticle) => facts.language === dials.language
    const own = choose(ranked.filter(isOwn), count)
    const others = ranked.filter(article => !isOwn(article))
    return [...own, ...choose(others, count - own.length)]
  },
})
