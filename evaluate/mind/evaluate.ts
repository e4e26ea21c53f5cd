// Protocol M1: five days of impressions, of which 9 November warms up, 10 to 12 fit, 13 stops the fitting and 14 is scored.
// Beside it M3, whose rows begin with m3.

import type { Evaluation, Progress } from '../evaluation.ts'
import { measureImpression } from '../measure/impression-metrics.ts'
import { replay } from '../measure/replay.ts'
import { createScoreboard } from '../measure/scoreboard.ts'
import { createModel } from './model.ts'
import { evaluateOneDay } from './one-day.ts'
import { createBaselines, partOf, readSample } from './sample.ts'
import { createToday } from './today.ts'

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const sample = await readSample(folder)
  const board = createScoreboard()
  const baselines = createBaselines(sample)
  const today = createToday(sample)
  const model = createModel(sample, { partOf })
  replay(sample.impressions, {
    learn(impression) {
      baselines.learn(impression)
      today.learn(impression)
      model.learn(impression)
    },
    rank(impression, index) {
      progress(index + 1, sample.impressions.length)
      const learned = model.scores(impression)
      if (partOf(impression) !== 'score') return
      for (const [row, scores] of Object.entries({ ...learned, today: today.scores(impression), ...baselines.scores(impression) }))
        board.add(row, impression.user, measureImpression(impression.clicked, scores, impression.tieKeys))
    },
  })
  await evaluateOneDay(folder, board)
  return { protocol: 'M1', rows: board.rows(), cost: model.cost() }
}
