// Answers which articles a viewer sees next. A cursor that was issued to the viewer asks for its page, which never changes; any
// other number is a refresh, because clients' clocks are wrong. docs/recommender.md draws it.

import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { type Recommender, type RecommendRequest, type RecommendResponse, validateRequest } from './contract.ts'
import type { AssignedViewers } from './experiments/assigned-viewers.ts'
import { noteOutcomes } from './experiments/note-outcomes.ts'
import { createExplain, type Explain } from './explain/explain.ts'
import type { ReadersLike } from './factors/readers-like.ts'
import { RANKED_COUNT } from './feed-constants.ts'
import type { FindWithWords } from './feeds/facts.ts'
import { createForYouFeed } from './feeds/for-you.ts'
import type { Learner } from './learn/learner.ts'
import { createPageRanker } from './page-ranker.ts'
import { END_OF_FEED, isEndOfFeed } from './pages/end-of-feed.ts'
import { createPageResponses } from './pages/page-responses.ts'
import { createPageWriter, type PageDraft } from './pages/page-writer.ts'
import type { RankedBuffers, Ranking } from './pages/ranked-buffer.ts'
import { runPipeline } from './pipeline/pipeline.ts'
import { createPipelineObserver } from './pipeline/pipeline-observer.ts'
import type { Leaderboards } from './policy/leaderboards.ts'
import type { Policies } from './policy/policies.ts'
import { createRankAhead } from './rank-ahead.ts'
import type { RankedArticle, RankingQuery, RankingRequest } from './ranking-query.ts'
import type { RecentViewers } from './recent-viewers.ts'
import { createSharedLists } from './shared-lists/shared-lists.ts'
import type { Covisits } from './sources/covisits.ts'
import type { TokenSigner } from './tracking-tokens.ts'
import { findWithWords as findArticlesWithWords } from './viewer-context.sql.ts'
import { createLoadViewerContext } from './viewer-context.ts'
import { createFindViewerState } from './viewer-state.ts'

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
  recentViewers: RecentViewers
  assignedViewers: Pick<AssignedViewers, 'note'>
  policies: Policies
  leaderboards: Pick<Leaderboards, 'of'>
  tokenSigner: TokenSigner
  metrics: Metrics
  log: Log
}

// A try fails only if, at that very moment, an article was withdrawn, a dial was changed or another request stored its page.
const STORE_TRIES = 8

export function createRecommender(needs: RecommenderNeeds): Recommender & { explain: Explain; rankForLastClicked: () => Promise<void> } {
  const { db, clock, rankedBuffers, recentViewers, catalogue, policies } = needs
  const findWithWords: FindWithWords = (ids, words) => findArticlesWithWords(db, ids, words)
  const pipeline = createForYouFeed({ ...needs, findWithWords })
  const observeRun = createPipelineObserver(needs)
  const loadViewerContext = createLoadViewerContext(needs)
  const findViewerState = createFindViewerState({ ...needs, loadViewerContext })
  const pageRanker = createPageRanker({ ...needs, pipeline, observeRun, loadViewerContext, findWithWords })
  const { rankForLastClicked, ...ahead } = createRankAhead({ ...needs, rankPage: pageRanker })
  const rankPage = noteOutcomes(ahead.rankPage, needs)
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
    validateRequest(request)
    const viewerKey = viewerKeyOf(request.viewer)
    if (viewerKey === undefined) return sharedLists.recommend(request)
    const recent = responses.findRecent(viewerKey, request, rankedBuffers.lastActionAt(viewerKey))
    // If all articles of a page have been withdrawn, its continuation takes its place; so below.
    if (recent) return responses.withoutWithdrawn(recent) ?? recommend({ ...request, cursor: recent.nextCursor })
    const buffer = rankedBuffers.take(viewerKey, request, catalogue.lastNewsAt(request.channelId), policies.of(viewerKey))
    if (buffer && buffer.articles.length > 0) {
      const response = await servePage(viewerKey, request, buffer, { previousPage: buffer.page, isBuffered: true })
      if (response) return { ...response, source: 'remainder' }
    }
    for (let tries = STORE_TRIES; ; tries--) {
      const isFirstTry = tries === STORE_TRIES
      // An empty buffer still says what its cursor continues.
      const continued = isFirstTry && buffer?.articles.length === 0 ? buffer.page : undefined
      const { context, target, knowledge, version, loaded } = await findViewerState(viewerKey, request, { isFirstTry, continued })
      if (target?.kind === 'stored') {
        const response = await responses.recreate(viewerKey, request, target.page, await context.interests)
        return responses.withoutWithdrawn(response) ?? recommend({ ...request, cursor: Number(target.page.nextCursor) })
      }
      const previousPage = target?.page
      const ranking = await rankPage({ viewerKey, request, previousPage, context, version })
      const isEmpty = ranking.articles.length === 0 && !ranking.pinnedIds?.length
      // That nothing is left is read from the rows, and notes there what was seen.
      if (isEmpty) recentViewers.forget(viewerKey)
      if (isEmpty && !knowledge) {
        if (await isEndOfFeed(db, viewerKey, request, previousPage)) return END_OF_FEED
        continue
      }
      if (loaded) await recentViewers.remember(viewerKey, loaded, rankedBuffers.lastActionAt(viewerKey))
      const response = isEmpty ? undefined : await servePage(viewerKey, request, ranking, { previousPage, knowledge })
      if (response) return response
      if (knowledge) recentViewers.doubt(viewerKey, knowledge)
      if (tries === 1) throw new Error('no page could be stored')
    }
  }

  /** Stores a page cut from the ranking and keeps the rest as the ranked buffer. Undefined if storing failed. */
  async function servePage(
    viewerKey: string,
    request: RecommendRequest,
    ranking: Ranking,
    from: Pick<PageDraft, 'previousPage' | 'knowledge' | 'isBuffered'>,
  ): Promise<RecommendResponse | undefined> {
    const page = await writePage({ viewerKey, request, ranking, ...from })
    if (!page) return undefined
    // A session that shows seen articles again goes on with its list, which is not in memory.
    if (ranking.seenPlace) recentViewers.forget(viewerKey)
    else recentViewers.noteServed(viewerKey, request, page, from.previousPage)
    rankedBuffers.put(viewerKey, request.channelId, ranking, page)
    return responses.create(viewerKey, request, page)
  }

  const explain = createExplain({ db, clock, catalogue, pipeline, loadViewerContext, policies, count: RANKED_COUNT })
  return { recall, recommend, explain, rankForLastClicked }
}
