// The ranking by five factors, as src/recommend/scores.ts has it, over articles and users given by index.

import type { ArticleId, ChannelId, ReaderId } from '../../src/base/id.ts'
import { type Click, channelAffinityOf } from '../../src/recommend/affinity.ts'
import { createCatalogue } from '../../src/recommend/catalogue/catalogue.ts'
import type { RankedArticle } from '../../src/recommend/ranking-query.ts'
import { createScores } from '../../src/recommend/scores.ts'
import { createCovisits } from '../../src/recommend/sources/covisits.ts'

const RECENT_CLICKS = 50 // as viewer-context.ts reads
const RELATED_MAX = 200 // as sources.ts takes
const AUTHOR = 1n as ReaderId // the logs name no authors

const idOf = (article: number) => BigInt(article + 1) as ArticleId
const channelIdOf = (channel: number) => (channel + 1) as ChannelId

/** Times are in milliseconds. */
export function createFiveFactors(channelOf: (article: number) => number) {
  let now = 0
  const catalogue = createCatalogue(() => now)
  const covisits = createCovisits()
  // The others need what readers chose, which no log has.
  const { appeal, freshness, taste, likeness } = createScores(catalogue)

  function publish(article: number, at: number): void {
    if (catalogue.get(idOf(article))) return
    catalogue.put({ id: idOf(article), authorId: AUTHOR, channelId: channelIdOf(channelOf(article)), publishedAt: at, language: 'en' })
  }

  return {
    publish,
    /** Clicks come in order of time. */
    click(user: number, article: number, at: number): void {
      now = at
      publish(article, at)
      catalogue.addWeight(idOf(article), 1, at, true)
      covisits.recordClick(String(user), idOf(article), at)
    },
    /** `clicks`: those of the user, the newest first. */
    scores(articles: Int32Array, clicks: { article: number; at: number }[], at: number): Float64Array {
      now = at
      const recentClicks: Click[] = clicks.slice(0, RECENT_CLICKS).map(click => ({ id: idOf(click.article), at: click.at }))
      const affinity = channelAffinityOf(recentClicks, catalogue.get, at)
      const related = covisits.relatedTo(
        recentClicks.map(click => click.id),
        RELATED_MAX,
      )
      const factors = [appeal({ now: at }), freshness({ now: at }), taste({ affinity }), likeness()]
      return Float64Array.from(articles, index => {
        publish(index, at)
        const id = idOf(index)
        const article = { id, facts: catalogue.get(id), similarity: related.get(id) } as RankedArticle
        return factors.reduce((product, factor) => product * factor(article), 1)
      })
    },
  }
}
