// Trains on the installation's own log: replays what was shown and clicked as the live learner saw it, fits trees to the earlier
// choices, weighs them against the ranker on later ones, and measures both on the last.

import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { createLearner } from '../learn/learner.ts'
import type { LogEntry } from '../learn/log-entry.ts'
import type { Choice } from '../learn/page-lessons.ts'
import { FEATURES } from '../model/feature-names.ts'
import { fitCombination } from '../trees/combination.ts'
import { joinExamples } from '../trees/examples.ts'
import { TRAIN_OPTIONS, type TrainOptions, trainTrees } from '../trees/train-trees.ts'
import { scoresByTrees } from '../trees/trees.ts'
import { judge, type Quality, type Verdict } from './gate.ts'
import { createHeldOut } from './held-out.ts'
import type { TrainedModel } from './trained-model.ts'

/** Smaller trees than offline: a page scores some hundred candidates with them. */
export const TREE_OPTIONS: TrainOptions = { ...TRAIN_OPTIONS, treesMax: 80, patience: 20, leavesMax: 16, rate: 0.1 }
/** Choices in memory: 90 MB, and a quarter of it again while they are trained with. */
const [FIT_MAX, STOP_MAX] = [40_000, 10_000]
/** With fewer, chance decides. */
const [FIT_MIN, STOP_MIN, HELD_OUT_MIN] = [600, 200, 100]
const TOO_FEW = `too few clicks: training needs ${FIT_MIN} to fit, ${STOP_MIN} to stop and ${HELD_OUT_MIN} held out`
/** Of the clicks held out; each ranks five hundred articles. */
const HELD_OUT_MAX = 1_000

export interface LogParts {
  /** Clicks that came from a page; how many of them are held out. */
  clicks: number
  heldOut: number
  /** Milliseconds since 1970: what comes later stops the training, or is held out. */
  stopFrom: number
  heldOutFrom: number
}

export interface TrainingNeeds {
  /** In order of time. */
  entries: AsyncIterable<readonly LogEntry[]>
  parts: LogParts
  /** Every published article. */
  facts: readonly ArticleFacts[]
  live?: TrainedModel
  train?: typeof trainTrees
}

export interface TrainingResult extends Verdict {
  /** Undefined if there was too little to train with. */
  model?: TrainedModel
  figures: {
    fit: number
    stop: number
    held_out: number
    trees: number
    weights: { online: number; trees: number }
    ndcg10: Quality
    hr10: Quality
    /** Of the choices among pages: minus the log of the probability; the mean. */
    choice_loss: Quality
  }
}

export async function trainModel({ entries, parts, facts, live, train = trainTrees }: TrainingNeeds): Promise<TrainingResult> {
  const byId = new Map(facts.map(each => [each.id, each]))
  const kept: Record<'fit' | 'stop', Choice[]> = { fit: [], stop: [] }
  const every = Math.max(1, Math.ceil(parts.heldOut / HELD_OUT_MAX))
  const trained: { model?: TrainedModel; onlineScale?: number } = {}
  let heldOutSeen = 0

  const learner = createLearner({
    seed: 1,
    findArticle: id => byId.get(id),
    onChoice(choice) {
      if (choice.clicked.length < 2) return
      if (choice.at * 1000 >= parts.heldOutFrom) {
        trained.model ??= fit()
        if (trained.model && heldOutSeen++ % every === 0) heldOut.add(choice, { trained: trained.model, live }, trained.onlineScale ?? 1)
      } else if (choice.at * 1000 >= parts.stopFrom) keep('stop', choice, STOP_MAX)
      else keep('fit', choice, FIT_MAX)
    },
  })
  const heldOut = createHeldOut(facts, learner)

  function keep(part: 'fit' | 'stop', choice: Choice, most: number): void {
    kept[part].push(choice)
    if (kept[part].length >= 2 * most) kept[part].splice(0, most)
  }

  function fit(): TrainedModel | undefined {
    const [first, later] = [kept.fit.slice(-FIT_MAX), kept.stop.slice(-STOP_MAX)]
    if (first.length < FIT_MIN || later.length < STOP_MIN) return undefined
    const join = (choices: Choice[]) =>
      joinExamples(
        choices.map(({ features, clicked, placeScores }) => ({ inputs: features, clicked, offsets: placeScores })),
        FEATURES.length,
      )
    const trees = train(join(first), join(later), TREE_OPTIONS)
    const combine = (secondOf: (choice: Choice) => Float64Array) =>
      fitCombination(
        later.map(choice => ({ first: choice.scores, second: secondOf(choice), clicked: choice.clicked, offsets: choice.placeScores })),
      )
    const combination = combine(({ features, clicked }) => scoresByTrees(trees, features, clicked.length))
    trained.onlineScale = combine(({ clicked }) => new Float64Array(clicked.length)).first
    return { trees, combination }
  }

  for await (const batch of entries)
    for (const entry of batch) {
      learner.apply(entry)
      for (const _ of learner.upkeep());
    }

  const { model } = trained
  const quality = heldOut.quality()
  const figures = {
    fit: kept.fit.length,
    stop: kept.stop.length,
    held_out: heldOut.clicks(),
    trees: model?.trees.roots.length ?? 0,
    weights: { online: model?.combination.first ?? 0, trees: model?.combination.second ?? 0 },
    ndcg10: quality,
    hr10: heldOut.hitRates(),
    choice_loss: heldOut.meanLosses(),
  }
  if (!model || heldOut.clicks() < HELD_OUT_MIN) return { figures, isAccepted: false, liveStays: true, reason: TOO_FEW }
  return { model, figures, ...judge(quality, heldOut.losses()) }
}
