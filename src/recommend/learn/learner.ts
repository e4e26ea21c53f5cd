// Learns from pages and what was done with them, entry by entry in the order of the log. The same entries give the same model,
// also if a process was killed between them and went on from a snapshot. docs/recommender-model.md explains it.

import type { ArticleId } from '../../base/id.ts'
import { createSeededRandom } from '../../base/seeded-random.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { FEATURES } from '../model/feature-names.ts'
import { createFeatureState, type FeatureBounds } from '../model/feature-state.ts'
import { scoresOf, type TrainedModel } from '../nightly/trained-model.ts'
import type { RankingState } from '../nightly/trained-models.sql.ts'
import { restorePart } from '../snapshot-parts.ts'
import { createIndices, UNKNOWN } from './indices.ts'
import { createLearningLimits, type Refusal } from './learning-limits.ts'
import type { Behaviour, LogEntry, ServedPage } from './log-entry.ts'
import { createOpenPages } from './open-pages.ts'
import { createOpenedArticles } from './opened-articles.ts'
import { type Choice, createPageLessons } from './page-lessons.ts'
import { createTrustedRanker } from './trusted-ranker.ts'

// All of it takes 100 MB if everything is full (docs/learning.md).
const ARTICLES_MAX = 5_000
const VIEWERS_MAX = 2_500
const BOUNDS: FeatureBounds = { shownPerViewer: 40, readPerViewer: 60, readersPerArticle: 100, neighboursPerArticle: 50 }

const DAY_S = 86_400
/** What came so much later than the newest entry was imported: it says what a reader has read, and not what is read now. */
const LATE_S = 3600
/** Before, factors of readers are noise. */
const VIEWERS_FOR_FACTORS = 30
const RECENT_CLICKS = 20 // of a viewer; as many as the co-clicks look at

export type Outcome = 'learned' | 'read' | 'exposure' | 'stranger' | 'action' | 'other' | Refusal

export interface RankingContext {
  viewer: string | undefined
  /** Milliseconds since 1970. */
  now: number
  articles: readonly ArticleFacts[]
  /** The newest first; what was learned of the viewer if not given. */
  clickedIds?: readonly ArticleId[]
  /** Whether the model on trial ranks, if one is. */
  isTrial?: boolean
}

export interface LearnerNeeds {
  seed: number
  findArticle: (id: ArticleId) => ArticleFacts | undefined
  onChoice?: (choice: Choice) => void
}

export type Learner = ReturnType<typeof createLearner>

export function createLearner({ seed, findArticle, onChoice }: LearnerNeeds) {
  const articles = createIndices<ArticleId>(ARTICLES_MAX)
  const viewers = createIndices<string>(VIEWERS_MAX)
  const pages = createOpenPages()
  const limits = createLearningLimits()
  const ranker = createTrustedRanker()
  const opened = createOpenedArticles()
  const progress = { now: 0, refits: 0, refittedOn: 0, viewersAtRefit: 0 }
  let random = createSeededRandom(seed)
  const trained: Partial<Record<RankingState, TrainedModel>> = {}
  const state = createFeatureState(() => random.next(), BOUNDS)

  function indexOf(id: ArticleId, at: number): number {
    const isNew = articles.find(id) === UNKNOWN
    const index = articles.touch(id, at)
    const facts = isNew ? findArticle(id) : undefined
    if (facts) {
      state.publish(index, facts.publishedAt / 1000)
      state.describe(index, { topic: facts.channelId, words: NO_WORDS, weights: NO_WEIGHTS })
    }
    return index
  }

  const { learnClick, learnPassedOver } = createPageLessons({ state, ranker, viewers, indexOf, onChoice })

  function applyPage(page: ServedPage): Outcome {
    if (!page.isKnown) return 'stranger'
    const before = pages.findContinued(page)
    if (before) {
      before.seenTo = before.articleIds.length - 1
      learnPassedOver(before, progress.now)
    }
    pages.open(page, progress.now)
    return 'other'
  }

  function applyBehaviour(behaviour: Behaviour): Outcome {
    const { viewer, isKnown, action, articleId, pageId, at } = behaviour
    if (action === 'exposure' && pageId === null) return 'exposure' // teaches nothing
    if (viewer === null || !isKnown) return 'stranger'
    if (action === 'exposure') {
      const shown = pageId === null ? undefined : pages.find(pageId)
      const place = shown?.viewer === viewer ? shown.articleIds.indexOf(articleId) : -1
      if (shown && place > shown.seenTo) shown.seenTo = place
      return 'exposure'
    }
    if (action !== 'click') return opened.note(behaviour) ? 'action' : 'other'
    const page = pageId === null ? undefined : pages.find(pageId)
    const place = page?.viewer === viewer ? page.articleIds.indexOf(articleId) : -1
    const index = indexOf(articleId, progress.now)
    if (!page || place < 0 || page.clicked.includes(place)) {
      const who = viewers.touch(viewer, progress.now)
      if (at / 1000 < progress.now - LATE_S) state.remember(who, index, at / 1000)
      else state.click(who, index, progress.now, true)
      return 'read'
    }
    const refusal = limits.refuse(viewer, progress.now, state.demandOf(index, progress.now))
    if (refusal)
      page.clicked.push(place) // neither a choice nor passed over
    else {
      const features = learnClick(page, place, progress.now)
      opened.open({ viewer, articleId, features, at: progress.now })
    }
    return refusal ?? 'learned'
  }

  function featuresOf({ viewer, now, articles: candidates, clickedIds }: RankingContext): Float32Array {
    const clicks = clickedIds?.map(articles.find)
    const features = new Float32Array(candidates.length * FEATURES.length)
    const query = {
      viewer: viewer === undefined ? UNKNOWN : viewers.find(viewer),
      at: now / 1000,
      articles: Int32Array.from(candidates, ({ id }) => articles.find(id)),
      contextArticle: -1,
      session: clicks?.slice(0, RECENT_CLICKS).toReversed(),
      read: clicks?.toReversed(),
      topics: candidates.map(({ channelId }) => channelId),
      publishedAt: candidates.map(({ publishedAt }) => publishedAt / 1000),
    }
    state.writeFeatures(query, features)
    return features
  }

  const modelFor = (isTrial = false) => (isTrial ? trained.trial : undefined) ?? trained.live

  const isRefitDue = () =>
    viewers.size() >= VIEWERS_FOR_FACTORS &&
    (Math.floor(progress.now / DAY_S) !== progress.refittedOn || viewers.size() >= 2 * progress.viewersAtRefit)

  return {
    apply(entry: LogEntry): Outcome {
      // Clocks may go back; time in the model does not, because counts decay with it.
      progress.now = Math.max(progress.now, entry.at / 1000)
      for (let page = pages.takeSettled(progress.now); page; page = pages.takeSettled(progress.now)) learnPassedOver(page, progress.now)
      opened.settle(progress.now)
      return entry.kind === 'page' ? applyPage(entry) : applyBehaviour(entry)
    },

    /** What is due after an entry, in slices of some milliseconds. No entry may be applied between them. */
    *upkeep(): Generator<void> {
      if (isRefitDue()) {
        random = createSeededRandom(seed, ++progress.refits)
        yield* state.refitting()
        progress.refittedOn = Math.floor(progress.now / DAY_S)
        progress.viewersAtRefit = viewers.size()
      }
      if (!articles.isOverfull() && !viewers.isOverfull()) return
      yield
      const renumberings = {
        articles: articles.isOverfull() ? articles.forgetOldest() : identity(articles.data.ids.length),
        viewers: viewers.isOverfull() ? viewers.forgetOldest() : identity(viewers.data.ids.length),
      }
      state.renumber(renumberings, progress.now)
    },

    isTrusted: ranker.isTrusted,
    hasTrees: (isTrial = false): boolean => modelFor(isTrial) !== undefined,
    /** Whether what follows a click of this kind is known well enough to rank by it. */
    isActionTrusted: opened.isTrusted,

    /**
     * What each article is worth to the viewer beside a usual one of these: how likely a click is, times what a click with all that
     * follows is worth. 2 for twice as much. Throws if that is no number.
     */
    appealOf(context: RankingContext): Float64Array {
      const count = context.articles.length
      const features = featuresOf(context)
      const online = ranker.scores(features, count)
      const model = modelFor(context.isTrial)
      const scores = model ? scoresOf(model, features, online) : online
      const worths = opened.worthsOf(
        features,
        context.articles.map(({ id }) => id),
      )
      for (const [i, worth] of worths.entries()) scores[i] = (scores[i] as number) + Math.log(worth)
      const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, count)
      if (!Number.isFinite(mean)) throw new Error('a score of the model is no number')
      return scores.map(score => Math.exp(score - mean))
    },

    /** The features and scores of articles for a viewer, without what is trained each night. */
    score(context: RankingContext): { features: Float32Array; scores: Float64Array } {
      const features = featuresOf(context)
      return { features, scores: ranker.scores(features, context.articles.length) }
    },

    /** From here on it ranks beside, for all viewers or for those with whom it is on trial; undefined: no longer. */
    useTrained(state: RankingState, model: TrainedModel | undefined): void {
      trained[state] = model
    },

    stats: () => ({
      learned: ranker.data.learned,
      rollbacks: ranker.data.rollbacks,
      refused: ranker.data.refused,
      articles: articles.size(),
      viewers: viewers.size(),
      loss: ranker.data.loss.newest,
      equalLoss: ranker.data.loss.equal,
    }),

    /** For snapshots: what `restore` takes, by part. */
    parts(): Record<string, object> {
      const own = {
        progress,
        articles: articles.data,
        viewers: viewers.data,
        pages: pages.data,
        limits: limits.data,
        ranker: ranker.save(),
        opened: opened.save(),
      }
      return { ...own, ...Object.fromEntries(Object.entries(state.parts).map(([name, part]) => [FEATURES_PREFIX + name, part])) }
    },

    restore(saved: Record<string, object>): void {
      Object.assign(progress, saved.progress)
      articles.restore(saved.articles as typeof articles.data)
      viewers.restore(saved.viewers as typeof viewers.data)
      Object.assign(pages.data, saved.pages)
      Object.assign(limits.data, saved.limits)
      ranker.restore(saved.ranker as ReturnType<typeof ranker.save>)
      opened.restore(saved.opened as ReturnType<typeof opened.save>)
      for (const [name, part] of Object.entries(state.parts)) restorePart(part, saved[FEATURES_PREFIX + name] as object)
    },
  }
}

const FEATURES_PREFIX = 'features.'
const NO_WORDS = new Int32Array(0)
const NO_WEIGHTS = new Float64Array(0)

const identity = (length: number) => Int32Array.from({ length }, (_, i) => i)
