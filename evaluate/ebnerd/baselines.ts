// Rankings by one signal that a page of the protocol names, counted as it says: the values are those of its reference.

import { createSlidingCounts, type SlidingCounts } from '../measure/sliding-counts.ts'
import { randomScores } from '../measure/tie-keys.ts'
import { type CoClicks, createOnlineCoClicks, fixedCoClicksOf } from './co-clicks.ts'
import type { EbnerdData, EbnerdImpression, HistoryClick } from './data.ts'

const HOUR = 3600
const WINDOWS = { '1h': HOUR, '6h': 6 * HOUR, '24h': 24 * HOUR, '72h': 72 * HOUR }
const PRIOR_VIEWS = 20
const [PROFILE, RECENT_MAX, RECENT_KEPT] = [30, 80, 50]

export function createBaselines({ articleIds, users, histories }: EbnerdData) {
  const counts = Object.fromEntries(
    Object.entries(WINDOWS).map(([name, seconds]) => [name, createSlidingCounts(articleIds.length, seconds)]),
  )
  const shownTo = Array.from({ length: users }, () => new Set<number>())
  const recent: number[][] = Array.from({ length: users }, () => [])
  const online = createOnlineCoClicks(users)
  let fixed: CoClicks
  seed(histories.train, [histories.train])

  function seed(history: HistoryClick[], all: HistoryClick[][]): void {
    const byUser = Map.groupBy(history, click => click.user)
    for (const [user, clicks] of byUser) recent[user] = clicks.slice(-RECENT_KEPT).map(click => click.article)
    fixed = fixedCoClicksOf(all)
  }

  const signal = (impression: EbnerdImpression, of: (article: number, index: number) => number) =>
    Float32Array.from(impression.articles, of)

  return {
    /** From now on the histories of the second week are known too. */
    addValidationHistory: () => seed(histories.validation, [histories.train, histories.validation]),
    learn(impression: EbnerdImpression): void {
      const { user, articles, clicked, at } = impression
      for (const each of Object.values(counts)) each.add(impression)
      for (const [i, article] of articles.entries()) {
        shownTo[user]?.add(article)
        if (!clicked[i]) continue
        recent[user]?.push(article)
        online.add(user, article, at)
      }
      const trail = recent[user] as number[]
      if (trail.length > RECENT_MAX) recent[user] = trail.slice(-RECENT_KEPT)
    },
    evict(now: number): void {
      for (const each of Object.values(counts)) each.evict(now)
    },
    scores(impression: EbnerdImpression): Record<string, Float32Array | Float64Array> {
      const { user, articles, tieKeys } = impression
      const window = (name: keyof typeof WINDOWS) => counts[name] as SlidingCounts
      const { total } = window('72h')
      const prior = (total.clicks + 1) / (total.views + 11)
      const rate = ({ clicks, views }: SlidingCounts, article: number) =>
        ((clicks[article] as number) + PRIOR_VIEWS * prior) / ((views[article] as number) + PRIOR_VIEWS)
      const clicks24h = window('24h').clicks
      const profile = (recent[user] as number[]).slice(-PROFILE)
      return {
        random: randomScores(tieKeys),
        newest: Float64Array.from(articles, article => articleIds[article] as number),
        cf_histories: signal(impression, article => fixed.similarity(article, profile)),
        cf_online: signal(impression, article => online.similarity(article, user)),
        clicks_1h: signal(impression, article => window('1h').clicks[article] as number),
        clicks_6h: signal(impression, article => window('6h').clicks[article] as number),
        clicks_24h: signal(impression, article => clicks24h[article] as number),
        clicks_72h: signal(impression, article => window('72h').clicks[article] as number),
        views_6h: signal(impression, article => window('6h').views[article] as number),
        ctr_24h: signal(impression, article => rate(window('24h'), article)),
        clicks_24h_unshown_first: Float64Array.from(
          articles,
          article => (clicks24h[article] as number) - (shownTo[user]?.has(article) ? 1e6 : 0),
        ),
      }
    },
  }
}
