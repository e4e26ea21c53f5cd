// What readers do with an article that they opened. For each action a logistic regression says how likely it is, by the features that
// the article had when it was clicked, and by how often others did it. A click is worth more if more is expected to follow.

import type { ArticleId } from '../../base/id.ts'
import { FEATURES } from '../model/feature-names.ts'
import { createLogisticRegression, type LogisticWeights } from '../model/logistic-regression.ts'
import type { Behaviour } from './log-entry.ts'

/** What an action adds to a click, which is worth 1. As trending scores weigh them (catalogue.sql.ts): like 2, collection 3, share 4. */
const WORTH = { finish: 0.5, like: 1, collect: 2, share: 3 }
type Head = keyof typeof WORTH
export const HEADS = Object.keys(WORTH) as Head[]

/** A reading of so long is taken as one to the end: the texts are not known here. */
const FINISH_MS = 30_000
/** After so long nothing more is expected to follow. */
const SETTLED_AFTER_S = 30 * 60
const OPEN_MAX = 4_000 // less than 1 MB
/** Clicks that tell the scale of each feature, before the first is learned from. */
const WARM_UP = 100
const INPUT_MAX = 4 // in deviations
const [STEP, DECAY] = [0.05, 1e-4] // as of the ranker
/** Before so many, chance decides; and of a rare action a few are too few. */
const [TRUSTED_FROM, YES_MIN] = [500, 30]
/** Of the loss of the mean probability: a difference below is chance. */
const BETTER_BY = 0.01
const LOSS_STEP = 1 / 1000
const [RATE_MIN, RATE_MAX] = [1e-3, 1 - 1e-3]
/** An article's own rate of an action begins as the usual one, with the weight of so many openings. */
const PRIOR = 20
const ARTICLES_MAX = 5_000

interface OpenedArticle {
  viewer: string
  articleId: ArticleId
  features: Float32Array
  /** Seconds since 1970. */
  at: number
  done: Head[]
}

interface Counts {
  openings: number
  done: Record<Head, number>
}

interface HeadData {
  yes: number
  /** How often it follows a click: the mean of the last thousand. */
  rate: number
  /** Means over the same, before each was learned from: of the regression, and of the mean probability. */
  loss: { own: number; mean: number }
}

/** The features, and last the article's own rate. */
const WIDTH = FEATURES.length + 1

export type OpenedArticles = ReturnType<typeof createOpenedArticles>

export function createOpenedArticles() {
  const regressions = byHead(() => createLogisticRegression({ width: WIDTH, step: STEP, decay: DECAY }))
  const data = {
    /** By viewer and article; the longest ago first. */
    open: new Map<string, OpenedArticle>(),
    warmUp: [] as OpenedArticle[],
    learned: 0,
    means: new Float64Array(FEATURES.length),
    deviations: new Float64Array(FEATURES.length),
    /** Of articles that were opened; the longest ago first. */
    articles: new Map<ArticleId, Counts>(),
    heads: byHead((): HeadData => ({ yes: 0, rate: 0.05, loss: { own: 0, mean: 0 } })),
  }

  function standardise(examples: readonly OpenedArticle[]): void {
    for (let f = 0; f < FEATURES.length; f++) {
      const values = examples.map(({ features }) => features[f] as number)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      data.means[f] = mean
      data.deviations[f] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1
    }
  }

  const inputs = new Float64Array(WIDTH)
  function writeFeatures(features: Float32Array, from = 0): void {
    for (let f = 0; f < FEATURES.length; f++) {
      const value = ((features[from + f] as number) - (data.means[f] as number)) / (data.deviations[f] as number)
      inputs[f] = Math.max(-INPUT_MAX, Math.min(INPUT_MAX, value))
    }
  }

  function probabilityOf(head: Head, counts: Counts | undefined): number {
    const { rate } = data.heads[head]
    const own = ((counts?.done[head] ?? 0) + PRIOR * rate) / ((counts?.openings ?? 0) + PRIOR)
    inputs[WIDTH - 1] = logOddsOf(own) - logOddsOf(rate)
    return regressions[head].probabilityOf(inputs)
  }

  function count(articleId: ArticleId, done: readonly Head[]): void {
    const counts = data.articles.get(articleId) ?? { openings: 0, done: byHead(() => 0) }
    counts.openings++
    for (const head of done) counts.done[head]++
    data.articles.delete(articleId)
    data.articles.set(articleId, counts)
    if (data.articles.size > ARTICLES_MAX) data.articles.delete(data.articles.keys().next().value as ArticleId)
  }

  function learnOne({ features, done, articleId }: OpenedArticle): void {
    if (!features.every(Number.isFinite)) return
    const counts = data.articles.get(articleId)
    writeFeatures(features)
    const step = Math.max(LOSS_STEP, 1 / (data.learned + 1))
    for (const head of HEADS) {
      const own = data.heads[head]
      const isYes = done.includes(head)
      own.loss.own += step * (lossOf(probabilityOf(head, counts), isYes) - own.loss.own)
      own.loss.mean += step * (lossOf(own.rate, isYes) - own.loss.mean)
      regressions[head].learn(inputs, isYes)
      own.rate = Math.min(RATE_MAX, Math.max(RATE_MIN, own.rate + step * (Number(isYes) - own.rate)))
      own.yes += Number(isYes)
    }
    count(articleId, done)
    data.learned++
  }

  function learn(opened: OpenedArticle): void {
    if (data.learned > 0) return learnOne(opened)
    data.warmUp.push(opened)
    if (data.warmUp.length < WARM_UP) return
    standardise(data.warmUp)
    for (const each of data.warmUp) learnOne(each)
    data.warmUp = []
  }

  function isTrusted(head: Head): boolean {
    const { yes, loss } = data.heads[head]
    return data.learned >= TRUSTED_FROM && yes >= YES_MIN && loss.own < (1 - BETTER_BY) * loss.mean
  }

  return {
    open(opened: Omit<OpenedArticle, 'done'>): void {
      const key = keyOf(opened.viewer, opened.articleId)
      data.open.delete(key)
      data.open.set(key, { ...opened, done: [] })
      if (data.open.size > OPEN_MAX) data.open.delete(data.open.keys().next().value as string)
    },
    /** Whether it is an action on an article that was opened from a page of late. */
    note({ viewer, articleId, action, dwellMs }: Behaviour): boolean {
      const opened = data.open.get(keyOf(viewer, articleId))
      const head = action === 'read' ? (dwellMs ?? 0) >= FINISH_MS && 'finish' : HEADS.find(each => each === action)
      if (!opened || !head) return false
      if (!opened.done.includes(head)) opened.done.push(head)
      return true
    },
    /** Learns from articles of which no more is expected. */
    settle(now: number): void {
      for (const [key, opened] of data.open) {
        if (opened.at > now - SETTLED_AFTER_S) return
        data.open.delete(key)
        learn(opened)
      }
    },
    isTrusted,
    /** Of each candidate, what a click on it is expected to be worth with all that follows. */
    worthsOf(features: Float32Array, articleIds: readonly ArticleId[]): Float64Array {
      const trusted = HEADS.filter(isTrusted)
      // Of the others all candidates have the same.
      const same = HEADS.filter(head => !trusted.includes(head)).reduce((sum, head) => sum + WORTH[head] * data.heads[head].rate, 1)
      const worths = new Float64Array(articleIds.length).fill(same)
      if (trusted.length === 0) return worths
      for (const [i, id] of articleIds.entries()) {
        writeFeatures(features, i * FEATURES.length)
        const counts = data.articles.get(id)
        for (const head of trusted) worths[i] = (worths[i] as number) + WORTH[head] * probabilityOf(head, counts)
      }
      return worths
    },
    save: (): SavedOpenedArticles => ({ data, weights: byHead(head => regressions[head].state) }),
    restore(saved: SavedOpenedArticles): void {
      Object.assign(data, saved.data)
      for (const head of HEADS) regressions[head].restore(saved.weights[head])
    },
    data,
  }
}

interface SavedOpenedArticles {
  data: object
  weights: Record<Head, LogisticWeights>
}

const keyOf = (viewer: string | null, articleId: ArticleId) => `${viewer} ${articleId}`
const logOddsOf = (probability: number) => Math.log(probability / (1 - probability))
const lossOf = (probability: number, isYes: boolean) => -Math.log(Math.max(1e-9, isYes ? probability : 1 - probability))
const byHead = <T>(make: (head: Head) => T) => Object.fromEntries(HEADS.map(head => [head, make(head)])) as Record<Head, T>
