// The five thousand impressions with their articles described, and what the baselines have learned from them.

import type { Part } from '../measure/learned-ranking.ts'
import { createSlidingCounts } from '../measure/sliding-counts.ts'
import { randomScores } from '../measure/tie-keys.ts'
import { createContentSignals, type Described } from './content-signals.ts'
import { type MindImpression, readMindArticles, readMindImpressions } from './data.ts'
import { createTitleVectors } from './title-vectors.ts'

const DAY = 86_400
const [PRIOR_VIEWS, HISTORY_MAX] = [10, 50]

export async function readSample(folder: string) {
  const { impressions, articleIds, users } = await readMindImpressions(folder, 'mindsmall_train_sample5000.behaviors.tsv.gz')
  const texts = await readMindArticles(folder)
  const vectors = createTitleVectors([...texts.values()].map(({ title }) => title))
  const articles: Described[] = articleIds.map(id => {
    const { category, title } = texts.get(id) ?? { category: '', title: '' }
    return { category, vector: vectors.vectorOf(title) }
  })
  return { impressions, users, vectors, articles, articleIds }
}

export const november = (day: number) => Date.UTC(2019, 10, day) / 1000
/** Days since 1970. */
export const dayOf = (at: number) => Math.floor(at / DAY)

/** 9 November warms up, 10 to 12 fit, 13 stops the fitting, 14 is scored. */
export const partOf = ({ at }: { at: number }): Part | 'score' | undefined =>
  at >= november(14) ? 'score' : at >= november(13) ? 'stop' : at >= november(10) ? 'fit' : undefined

export type Sample = Awaited<ReturnType<typeof readSample>>

export function createBaselines({ articles, vectors }: Pick<Sample, 'articles' | 'vectors'>) {
  const day = createSlidingCounts(articles.length, DAY)
  const content = createContentSignals(vectors)
  const counted = new Set<number>()
  const seen = { views: 0, clicks: 0 }
  const described = (indices: Int32Array) => Array.from(indices, index => articles[index] as Described)

  return {
    content,
    learn(impression: MindImpression): void {
      day.add(impression)
      seen.views += impression.articles.length
      for (const isClicked of impression.clicked) seen.clicks += isClicked
      if (counted.has(impression.user)) return
      counted.add(impression.user)
      const distinct = new Set(impression.history.slice(-HISTORY_MAX))
      content.addHistory([...distinct].map(index => (articles[index] as Described).category))
    },
    scores(impression: MindImpression): Record<string, ArrayLike<number>> {
      day.evict(impression.at)
      const prior = (seen.clicks + 1) / (seen.views + 25)
      const of = (signal: (article: number) => number) => Float32Array.from(impression.articles, signal)
      const [views, clicks] = [(article: number) => day.views[article] as number, (article: number) => day.clicks[article] as number]
      return {
        random: randomScores(impression.tieKeys),
        clicks_24h: of(clicks),
        ...content.scores(described(impression.history), described(impression.articles)),
        ctr_24h: of(article => (clicks(article) + PRIOR_VIEWS * prior) / (views(article) + PRIOR_VIEWS)),
      }
    },
  }
}
