// Protocol E1: the validation week is scored, with all that was known a minute before each impression. Without that week, E1-dev:
// of the train week, two days warm up, days 3 to 5 fit, day 6 stops the fitting, day 7 is scored.

import type { Evaluation, Progress } from '../evaluation.ts'
import { measureImpression } from '../measure/impression-metrics.ts'
import { replay } from '../measure/replay.ts'
import { createScoreboard } from '../measure/scoreboard.ts'
import { createBaselines } from './baselines.ts'
import { readEbnerd } from './data.ts'
import { createModel } from './model.ts'
import { createToday } from './today.ts'

const DAY = 86_400

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const data = await readEbnerd(folder)
  const { impressions, hasValidation } = data
  const beginsAt = impressions[0]?.at ?? 0
  const isScored = (impression: (typeof impressions)[number]) =>
    hasValidation ? impression.isValidation : impression.at >= beginsAt + 6 * DAY
  const board = createScoreboard()
  const baselines = createBaselines(data)
  const today = createToday(data)
  const model = createModel(data)
  let isSecondWeek = false

  replay(impressions, {
    learn(impression) {
      baselines.learn(impression)
      today.learn(impression)
      model.learn(impression)
    },
    rank(impression, index) {
      progress(index + 1, impressions.length)
      if (impression.isValidation && !isSecondWeek) {
        isSecondWeek = true
        baselines.addValidationHistory()
        model.addValidationHistory()
      }
      baselines.evict(impression.at)
      const learned = model.scores(impression)
      if (!isScored(impression)) return
      const rows = { ...learned, today: today.scores(impression), ...baselines.scores(impression) }
      for (const [row, scores] of Object.entries(rows))
        board.add(row, impression.user, measureImpression(impression.clicked, scores, impression.tieKeys))
    },
  })
  return { protocol: hasValidation ? 'E1' : 'E1-dev', rows: board.rows(), cost: model.cost() }
}
