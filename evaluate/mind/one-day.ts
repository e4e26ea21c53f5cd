// Protocol M3: every impression of one day, without texts. What the day has shown so far ranks from six in the morning on.

import { measureImpression } from '../measure/impression-metrics.ts'
import { replay } from '../measure/replay.ts'
import type { Scoreboard } from '../measure/scoreboard.ts'
import { randomScores } from '../measure/tie-keys.ts'
import { type MindImpression, readMindImpressions } from './data.ts'

const [DAY, SCORED_FROM] = [86_400, 6 * 3600]
const PRIOR_VIEWS = 10

export async function evaluateOneDay(folder: string, board: Scoreboard): Promise<void> {
  const { impressions, articleIds } = await readMindImpressions(folder, 'minddemo_train_1114_idonly.behaviors.tsv.gz')
  const midnight = Math.floor((impressions[0]?.at ?? 0) / DAY) * DAY
  const [views, clicks] = [new Float64Array(articleIds.length), new Float64Array(articleIds.length)]
  const total = { views: 0, clicks: 0 }
  const at = (counts: Float64Array, article: number) => counts[article] as number

  replay(impressions, {
    learn({ articles, clicked }) {
      for (const [i, article] of articles.entries()) {
        views[article] = at(views, article) + 1
        clicks[article] = at(clicks, article) + (clicked[i] as number)
        total.views++
        total.clicks += clicked[i] as number
      }
    },
    rank(impression: MindImpression) {
      if (impression.at < midnight + SCORED_FROM) return
      const prior = (total.clicks + 1) / (total.views + 25)
      const of = (signal: (article: number) => number) => Float64Array.from(impression.articles, signal)
      const rows = {
        m3_random: randomScores(impression.tieKeys),
        m3_clicks_today: of(article => at(clicks, article)),
        m3_ctr_today: of(article => (at(clicks, article) + PRIOR_VIEWS * prior) / (at(views, article) + PRIOR_VIEWS)),
        m3_views_today: of(article => at(views, article)),
      }
      for (const [row, scores] of Object.entries(rows))
        board.add(row, impression.user, measureImpression(impression.clicked, scores, impression.tieKeys))
    },
  })
}
