// Protocol M2: 400 impressions of ten candidates, of which one was clicked; what is learned comes from the five thousand
// impressions of M1 alone. Without that file M2-dev, on 100 others.

import type { Evaluation, Progress } from '../evaluation.ts'
import { fnv1a } from '../measure/fnv1a.ts'
import { findFile } from '../measure/gzip-lines.ts'
import { measureImpression } from '../measure/impression-metrics.ts'
import { replay } from '../measure/replay.ts'
import { createScoreboard } from '../measure/scoreboard.ts'
import { type MindArticle, readRecPrompt } from '../mind/data.ts'
import { createBaselines, readSample } from '../mind/sample.ts'

const TEST = 'recprompt_test.jsonl.gz'

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const sample = await readSample(folder)
  const baselines = createBaselines(sample)
  replay(sample.impressions, { learn: baselines.learn, rank() {} })
  const hasTest = findFile(folder, ['mind'], TEST) !== undefined
  const impressions = await readRecPrompt(folder, hasTest ? TEST : 'recprompt_valid.jsonl.gz')
  const board = createScoreboard()
  const describe = ({ category, title }: MindArticle) => ({ category, vector: sample.vectors.vectorOf(title) })

  for (const [index, { impression_id: id, history, candidates, label }] of impressions.entries()) {
    progress(index + 1, impressions.length)
    const clicked = candidates.map((_, i) => Number(i === label))
    const tieKeys = candidates.map(candidate => fnv1a(`${id}:${candidate.id}`))
    const rows = {
      random: tieKeys.map(key => (key * 0x9e3779b1) % 2 ** 32),
      ...baselines.content.scores(history.map(describe), candidates.map(describe)),
    }
    for (const [row, scores] of Object.entries(rows)) board.add(row, id, measureImpression(clicked, scores, tieKeys))
  }
  return { protocol: hasTest ? 'M2' : 'M2-dev', rows: board.rows() }
}
