// Answers which articles a viewer sees next. A cursor that was issued to the viewer asks for its page, which never changes; any
// other number is a refresh, because clients' clocks are wrong. docs/recommender.md draws it.

import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { invalid } from '../base/problem.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { COUNT_MAX, type Recommender, type RecommendRequest, type RecommendResponse } from './contract.ts'
import type { AssignedViewers } from './experiments/assigned-viewers.ts'
import { noteOutcomes } from './experiments/note-outcomes.ts'
import { createExplain, type Explain } from './explain/explain.ts'
import type { ReadersLike } from './factors/readers-like.ts'
import { RANKED_COUNT } from './feed-constants.ts'
import type { FindWithWords } from './feeds/facts.ts'
import { createForYouFeed } from './feeds/for-you.ts'
import type { Learner } from './learn/learner.ts'
import { createPageRanker } from './page-ranker.ts'
import { type CursorTarget, resolveCursor } from './pages/cursor.sql.ts'
import type { Page } from './pages/page.ts'
import { createPageResponses } from './pages/page-responses.ts'
import { createPageWriter } from './pages/page-writer.ts'
import type { RankedBuffers, Ranking } from './pages/ranked-buffer.ts'
import { retryMsOf } from './pages/retry.ts'
import { recordContinuedPageSeen } from './pages/seen.sql.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { createPipelineObserver } from './pipeline/pipeline-observer.ts'
import type { Leaderboards } from './policy/leaderboards.ts'
import type { Policies } from './policy/policies.ts'
import type { RankedArticle, RankingQuery, RankingRequest } from './ranking-query.ts'
import { createSharedLists } from './shared-lists/shared-lists.ts'
import type { Covisits } from './sources/covisits.ts'
import type { TokenSigner } from './tracking-tokens.ts'
import { findWithWords as findArticlesWithWords } from './viewer-context.sql.ts'
import { createLoadViewerContext } from './viewer-context.ts'

export interface RecommenderNeeds {
  db: Db
  newId: () => bigint
  clock: Clock
  /** From 0 to below 1. */
  random: () => number
  catalogue: Catalogue
  covisits: Covisits
  readersLike: Pick<ReadersLike, 'next'>
  learner: Pick<Learner, 'isTrusted' | 'appealOf' | 'hasTrees'>
  rankedBuffers: RankedBuffers
  assignedViewers: Pick<AssignedViewers, 'note'>
  policies: Policies
  leaderboards: Pick<Leaderboards, 'of'>
  tokenSigner: TokenSigner
  metrics: Metrics
  log: Log
}

// A try fails only if, at that very moment, an article was withdrawn, a dial was changed or another request stored its page.
const STORE_TRIES = 8

export function createRecommender(needs: RecommenderNeeds): Recommender & { explain: Explain } {
  const { db, clock, rankedBuffers, catalogue, policies } = needs
  const findWithWords: FindWithWords = (ids, words) => findArticlesWithWords(db, ids, words)
  const pipeline = createForYouFeed({ ...needs, findWithWords })
  const observeRun = createPipelineObserver(needs)
  const loadViewerContext = createLoadViewerContext(needs)
  const rankPage = noteOutcomes(createPageRanker({ ...needs, pipeline, observeRun, loadViewerContext, findWithWords }), needs)
  const writePage = createPageWriter(needs)
  const responses = createPageResponses(needs)
  const sharedLists = createSharedLists({
    ...needs,
    rank: async request => (await rank(request)).chosen,
    policy: () => policies.of(undefined),
  })

  async function rank(request: RankingRequest) {
    const { observer, funnel } = observeRun()
    return { ...(await runPipeline<RankingRequest, RankingQuery, RankedArticle>(pipeline, request, observer)), funnel }
  }

  function recall(request: RecommendRequest): RecommendResponse | undefined {
    const viewerKey = viewerKeyOf(request.viewer)
    if (viewerKey === undefined) return sharedLists.recall(request)
    const recent = responses.findRecent(viewerKey, request, rankedBuffers.lastActionAt(viewerKey))
    return recent && responses.withoutWithdrawn(recent)
  }

  async function recommend(request: RecommendRequest): Promise<RecommendResponse> {
    validate(request)
    const viewerKey = viewerKeyOf(request.viewer)
    if (viewerKey === undefined) return sharedLists.recommend(request)
    const recent = responses.findRecent(viewerKey, request, rankedBuffers.lastActionAt(viewerKey))
    // If all articles of a page have been withdrawn, its continuation takes its place; so below.
    if (recent) return responses.withoutWithdrawn(recent) ?? recommend({ ...request, cursor: recent.nextCursor })
    const buffer = rankedBuffers.take(viewerKey, request, catalogue.lastNewsAt(request.channelId), policies.of(viewerKey))
    if (buffer && buffer.articles.length > 0) {
      const response = await servePage(viewerKey, request, buffer, buffer.page, true)
      if (response) return { ...response, source: 'remainder' }
    }
    for (let tries = STORE_TRIES; ; tries--) {
      // Started before the cursor is resolved, so that a refresh waits for both at once.
      const context = loadViewerContext(viewerKey, request)
      // An empty buffer still says what its cursor continues.
      const target: CursorTarget | undefined =
        tries === STORE_TRIES && buffer?.articles.length === 0
          ? { kind: 'continuation', page: buffer.page }
          : await resolveCursor(db, viewerKey, request.channelId, request.cursor, retryMsOf(request.cursor, clock))
      if (target?.kind === 'stored') {
        const response = await responses.recreate(viewerKey, request, target.page, await context.interests)
        return responses.withoutWithdrawn(response) ?? recommend({ ...request, cursor: Number(target.page.nextCursor) })
      }
      const previousPage = target?.page
      const ranking = await rankPage({ viewerKey, request, previousPage, context })
      if (ranking.articles.length === 0 && !ranking.pinnedIds?.length) {
        if (previousPage) await recordContinuedPageSeen(db, viewerKey, request.channelId, request.cursor)
        return { exposureToken: '', nextCursor: 0, items: [] }
      }
      const response = await servePage(viewerKey, request, ranking, previousPage, false)
      if (response) return response
      if (tries === 1) throw new Error('no page could be stored')
    }
  }

  /** Stores a page cut from the ranking and keeps the rest as the ranked buffer. Undefined if storing failed. */
  async function servePage(
    viewerKey: string,
    request: RecommendRequest,
    ranking: Ranking,
    previousPage: Page | undefined,
    isBuffered: boolean,
  ): Promise<RecommendResponse | undefined> {
    const page = await writePage({ viewerKey, request, ranking, previousPage, isBuffered })
    if (!page) return undefined
    const served = new Set(page.articleIds)
    const unserved = (articles: RankedArticle[]) => articles.filter(article => !served.has(article.id))
    rankedBuffers.put(viewerKey, request.channelId, {
      ...ranking,
      page,
      articles: unserved(ranking.articles),
      explorationCandidates: unserved(ranking.explorationCandidates),
    })
    return responses.create(viewerKey, request, page)
  }

  const explain = createExplain({ db, clock, catalogue, pipeline, loadViewerContext, policies, count: RANKED_COUNT })
  return { recall, recommend, explain }
}

function validate({ channelId, count, cursor }: RecommendRequest): void {
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) throw invalid(`article_num must be from 1 to ${COUNT_MAX}`)
  if (!Number.isInteger(channelId) || channelId < 0) throw invalid('channel_id must be 0 or more')
  if (!Number.isSafeInteger(cursor) || cursor < 0) throw invalid('time_stamp must be milliseconds since 1970')
}
