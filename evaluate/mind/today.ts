import { createFiveFactors } from '../measure/five-factors.ts'
import { createIndices } from '../measure/indices.ts'
import type { MindImpression } from './data.ts'
import type { Sample } from './sample.ts'

/** How the feed ranks, by the five factors that a log allows. A category is a channel; a history has no times and counts as of now. */
export function createToday({ articles }: Pick<Sample, 'articles'>) {
  const channels = createIndices<string>()
  const factors = createFiveFactors(article => channels.indexOf(articles[article]?.category ?? ''))
  const known = new Set<number>()

  return {
    publish(articles: Int32Array, at: number): void {
      for (const article of articles) factors.publish(article, at * 1000)
    },
    learn({ user, articles: shown, clicked, history, at }: MindImpression): void {
      for (const article of shown) factors.publish(article, at * 1000)
      if (!known.has(user)) for (const article of history) factors.click(user, article, at * 1000)
      known.add(user)
      for (const [i, article] of shown.entries()) if (clicked[i]) factors.click(user, article, at * 1000)
    },
    scores({ articles: shown, history, at }: Pick<MindImpression, 'articles' | 'history' | 'at'>): Float64Array {
      const clicks = Array.from(history.toReversed(), article => ({ article, at: at * 1000 }))
      return factors.scores(shown, clicks, at * 1000)
    },
  }
}
