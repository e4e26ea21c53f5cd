// Protocol M2: 400 impressions of ten candidates, of which one was clicked; what is learned comes from the five thousand
// impressions of M1 alone. Without that file M2-dev, on 100 others.

import type { Evaluation, Progress } from '../evaluation.ts'
import { findFile } from '../measure/gzip-lines.ts'
import { measureImpression } from '../measure/impression-metrics.ts'
import { createIndices } from '../measure/indices.ts'
import { createScoreboard } from '../measure/scoreboard.ts'
import { randomScores, tieKeysOf } from '../measure/tie-keys.ts'
import type { Described } from '../mind/content-signals.ts'
import { type RecPromptArticle, readRecPrompt } from '../mind/data.ts'
import { createBaselines, november, readSample } from '../mind/sample.ts'
import { createToday } from '../mind/today.ts'
import { learnFrom } from './model.ts'

const TEST = 'recprompt_test.jsonl.gz'

/** The impressions are of the day after the sample, at no known time. */
const SCORED_AT = november(15) + 12 * 3600

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const sample = await readSample(folder)
  const [baselines, learned] = [createBaselines(sample), learnFrom(sample)]
  for (const impression of sample.impressions) baselines.learn(impression)
  const hasTest = findFile(folder, ['mind'], TEST) !== undefined
  const impressions = await readRecPrompt(folder, hasTest ? TEST : 'recprompt_valid.jsonl.gz')
  const board = createScoreboard()
  const articles = [...sample.articles]
  const today = createToday({ articles })
  const indices = createIndices(sample.articleIds)
  const describe = ({ id, category, title }: RecPromptArticle) => ({ id, category, vector: sample.vectors.vectorOf(title) })
  const indicesOf = (texts: (Described & { id: string })[]) =>
    Int32Array.from(texts, text => {
      const index = indices.indexOf(text.id)
      if (index >= articles.length) learned.describe(index, text)
      articles[index] ??= text
      return index
    })

  for (const [index, { impression_id: id, history, candidates, label }] of impressions.entries()) {
    progress(index + 1, impressions.length)
    const clicked = Uint8Array.from(candidates, (_, i) => Number(i === label))
    const tieKeys = tieKeysOf(
      id,
      candidates.map(candidate => candidate.id),
    )
    const [read, shown] = [history.map(describe), candidates.map(describe)]
    const user = sample.users + index
    const query = { id, user, at: SCORED_AT, articles: indicesOf(shown), history: indicesOf(read), clicked, tieKeys }
    today.publish(query.history, SCORED_AT)
    const rows = {
      ...learned.scores(query),
      today: today.scores(query),
      random: randomScores(tieKeys),
      ...baselines.content.scores(read, shown),
    }
    for (const [row, scores] of Object.entries(rows)) board.add(row, id, measureImpression(clicked, scores, tieKeys))
  }
  return { protocol: hasTest ? 'M2' : 'M2-dev', rows: board.rows(), cost: learned.cost() }
}
