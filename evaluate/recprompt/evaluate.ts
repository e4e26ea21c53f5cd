// Protocol M2: 400 impressions of ten candidates, of which one was clicked; what is learned comes from the five thousand
// impressions of M1 alone. Without that file M2-dev, on 100 others.

import type { FeatureGroup } from '../../src/recommend/model/feature-names.ts'
import type { Evaluation, Progress } from '../evaluation.ts'
import { findFile } from '../measure/gzip-lines.ts'
import { measureImpression } from '../measure/impression-metrics.ts'
import { replay } from '../measure/replay.ts'
import { createScoreboard } from '../measure/scoreboard.ts'
import { randomScores, tieKeysOf } from '../measure/tie-keys.ts'
import type { Described } from '../mind/content-signals.ts'
import { type MindArticle, readRecPrompt } from '../mind/data.ts'
import { createModel } from '../mind/model.ts'
import { createBaselines, partOf, readSample, type Sample } from '../mind/sample.ts'
import { createToday } from '../mind/today.ts'

const TEST = 'recprompt_test.jsonl.gz'

// Of an impression outside of the sample nothing is known but the texts.
const TEXT_GROUPS = new Set<FeatureGroup>(['content', 'topic'])

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const sample = await readSample(folder)
  const [baselines, learned] = [createBaselines(sample), learnFrom(sample)]
  const endsAt = sample.impressions.at(-1)?.at ?? 0
  replay(sample.impressions, {
    learn(impression) {
      baselines.learn(impression)
      learned.learn(impression)
    },
    rank: learned.scores,
  })
  const hasTest = findFile(folder, ['mind'], TEST) !== undefined
  const impressions = await readRecPrompt(folder, hasTest ? TEST : 'recprompt_valid.jsonl.gz')
  const board = createScoreboard()
  const articles = [...sample.articles]
  const today = createToday({ articles })
  let nextIndex = sample.articles.length // each text is a new article
  const describe = ({ category, title }: MindArticle) => ({ category, vector: sample.vectors.vectorOf(title) })
  const indicesOf = (texts: Described[]) =>
    Int32Array.from(texts, text => {
      learned.describe(nextIndex, text)
      articles[nextIndex] = text
      return nextIndex++
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
    const query = { id: `recprompt ${id}`, user, at: endsAt, articles: indicesOf(shown), history: indicesOf(read), clicked, tieKeys }
    today.publish(query.history, endsAt)
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

const learnFrom = (sample: Sample) =>
  createModel(sample, {
    partOf(impression) {
      if (impression.id.startsWith('recprompt')) return 'score'
      const part = partOf(impression)
      return part === 'score' ? undefined : part
    },
    isUsed: input => TEXT_GROUPS.has(input.group),
    learnsOnline: false,
  })
