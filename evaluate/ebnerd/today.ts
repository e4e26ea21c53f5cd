import { createFiveFactors } from '../measure/five-factors.ts'
import type { EbnerdData, EbnerdImpression, HistoryClick } from './data.ts'
import { createPublicationTimes } from './publication-times.ts'

const RECENT_CLICKS_S = 14 * 86_400 // as src/recommend/viewer-context.ts reads

/** How the feed ranks, by the five factors that a log allows. Articles have no channel here, so no factor is for taste. */
export function createToday({ articleIds, users, histories }: EbnerdData) {
  const factors = createFiveFactors(() => 0)
  const times = createPublicationTimes()
  const recent: { article: number; at: number }[][] = Array.from({ length: users }, () => [])
  const idOf = (article: number) => articleIds[article] as number

  function click(user: number, article: number, at: number): void {
    factors.click(user, article, at * 1000)
    const own = recent[user] as { article: number; at: number }[]
    if (own.every(earlier => earlier.article !== article)) own.unshift({ article, at: at * 1000 })
    if (own.length > 50) own.pop()
  }
  function see(article: number, at: number): void {
    times.see(idOf(article), at)
    factors.publish(article, times.of(idOf(article), at) * 1000)
  }
  function addHistory(history: HistoryClick[]): void {
    for (const { user, article, at } of history.toSorted((a, b) => a.at - b.at)) {
      see(article, at)
      click(user, article, at)
    }
  }
  addHistory(histories.train)

  return {
    learn({ user, articles, clicked, at }: EbnerdImpression): void {
      for (const article of articles) see(article, at)
      for (const [i, article] of articles.entries()) if (clicked[i]) click(user, article, at)
    },
    scores({ user, articles, at }: EbnerdImpression): Float64Array {
      for (const article of articles) factors.publish(article, times.of(idOf(article), at) * 1000)
      const clicks = (recent[user] ?? []).filter(earlier => earlier.at > (at - RECENT_CLICKS_S) * 1000)
      return factors.scores(articles, clicks, at * 1000)
    },
  }
}
