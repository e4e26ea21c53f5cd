// Ranks what a page shows: unseen articles, and when fewer of them are left than the page has places, seen ones again. A session
// keeps a list of these, longest ago first. When the list is used up the rest is listed, until nothing is left.

import type { ArticleId, ChannelId } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { RecommendRequest } from './contract.ts'
import { HISTORY_TIMES, RANKED_COUNT } from './feed-constants.ts'
import { type FindWithWords, mutedWordsOf } from './feeds/facts.ts'
import { createSeenAgainFeed } from './feeds/seen-again.ts'
import { isOffered } from './filters.ts'
import type { Page } from './pages/page.ts'
import type { Ranking } from './pages/ranked-buffer.ts'
import { listSeenArticles } from './pages/seen.sql.ts'
import { storeSeenList } from './pages/seen-lists.sql.ts'
import { SEEN_LIST_MAX } from './pages/seen-lists.ts'
import { keepRows } from './pipeline/factor-table.ts'
import { type Pipeline, runPipeline } from './pipeline/pipeline.ts'
import type { ObservedRun } from './pipeline/pipeline-observer.ts'
import type { Policies } from './policy/policies.ts'
import type { RankedArticle, RankingQuery, RankingRequest, ViewerContext } from './ranking-query.ts'
import type { ViewerVersion } from './recent-viewers.ts'
import type { LoadViewerContext } from './viewer-context.ts'

interface Needs {
  db: Db
  newId: () => bigint
  catalogue: Catalogue
  pipeline: Pipeline<RankingRequest, RankingQuery, RankedArticle>
  observeRun: () => ObservedRun
  loadViewerContext: LoadViewerContext
  findWithWords: FindWithWords
  policies: Pick<Policies, 'of'>
}

export interface PageQuery {
  viewerKey: string
  request: RecommendRequest
  /** On a continuation. */
  previousPage?: Page
  context: ViewerContext
  /** If it is from memory: of the viewer there. */
  version?: ViewerVersion
  /** No viewer has asked yet: if fewer articles are left than wanted, those are the ranking, and no list of seen ones is stored. */
  isAhead?: boolean
}

/** The ranking has no articles when the session has shown everything the viewer may see. */
export type RankPage = (query: PageQuery) => Promise<Ranking>

export function createPageRanker({
  db,
  newId,
  catalogue,
  pipeline,
  observeRun,
  loadViewerContext,
  findWithWords,
  policies,
}: Needs): RankPage {
  const seenAgainFeed = createSeenAgainFeed(catalogue, findWithWords)

  async function rank(query: PageQuery, pinnedIds: readonly ArticleId[] = []): Promise<Ranking> {
    const { viewerKey, request, previousPage } = query
    const context = pinnedIds.length === 0 ? query.context : withSeen(query.context, pinnedIds)
    const { channelId, cursor } = request
    const count = Math.max(request.count, RANKED_COUNT)
    const now = context.loadedAt
    const policy = policies.of(viewerKey)
    const { observer, funnel, failedSteps } = observeRun()
    const rankingRequest = { viewerKey, channelId, now, count, policy, previousPage, context }
    const showAgain = async (seenIds: readonly ArticleId[], start: number, most = count) =>
      (await runPipeline(seenAgainFeed, { ...rankingRequest, seenIds, start, count: most }, observer)).chosen

    const [{ seenAgain }, { dials }] = await Promise.all([context.history, context.interests])
    const dialsVersion = dials.version
    const listed = seenAgain ? await showAgain(seenAgain.ids, seenAgain.start) : []
    const placeInList = seenAgain && { listId: seenAgain.listId, end: seenAgain.start, nothingUnseenAt: now }
    if (seenAgain?.isAllThatIsLeft) {
      if (listed.length >= request.count)
        return {
          articles: listed,
          explorationCandidates: [],
          funnel,
          failedSteps,
          policy,
          rankedAt: now,
          dialsVersion,
          seenPlace: placeInList,
        }
      return rank({ ...query, context: loadViewerContext(viewerKey, request, true) })
    }

    const { chosen, ranked } = await runPipeline(pipeline, rankingRequest, observer)
    const explorationCandidates = ranked.filter(article => article.from.includes('explore'))
    keepRows([...chosen, ...explorationCandidates])
    const ranking: Ranking = {
      articles: chosen,
      pinnedIds,
      explorationCandidates,
      funnel,
      failedSteps,
      policy,
      rankedAt: now,
      dialsVersion,
    }
    if (chosen.length >= request.count) return { ...ranking, seenPlace: placeInList && { ...placeInList, nothingUnseenAt: 0 } }
    if (chosen.length + listed.length >= request.count) return { ...ranking, articles: [...chosen, ...listed], seenPlace: placeInList }

    if (query.isAhead) return ranking
    const shownIds = new Set([...pinnedIds, ...chosen.map(article => article.id)])
    const seenIds = (await listSeenArticles(db, { viewerKey, channelId, cursor }, HISTORY_TIMES)).filter(id => !shownIds.has(id))
    const list = await showAgain(seenIds, 0, SEEN_LIST_MAX)
    if (list.length === 0) return ranking
    const listId = newId()
    await storeSeenList(
      db,
      viewerKey,
      listId,
      list.map(article => article.id),
    )
    const seen = list.slice(0, count).map((article, seenIndex) => ({ ...article, seenIndex }))
    return { ...ranking, articles: [...chosen, ...seen], seenPlace: { listId, end: 0, nothingUnseenAt: now } }
  }

  /** The channel's pinned articles, without those that the viewer has put away. */
  async function findPinned(channelId: ChannelId, context: ViewerContext): Promise<ArticleId[]> {
    const pinned = [...catalogue.factsOf(catalogue.pinned(channelId))]
    if (pinned.length === 0) return []
    const interests = await context.interests
    const muted = await mutedWordsOf(
      findWithWords,
      pinned.map(({ id }) => id),
      interests,
    )
    return pinned.filter(facts => isOffered({ facts, ...muted.get(facts.id) }, { ...interests, channelId })).map(({ id }) => id)
  }

  return async query => {
    const { request, previousPage, context } = query
    return rank(query, request.withPinned && !previousPage ? await findPinned(request.channelId, context) : [])
  }
}

const withSeen = (context: ViewerContext, ids: readonly ArticleId[]): ViewerContext => ({
  ...context,
  history: context.history.then(history => ({ ...history, seenIds: new Set([...history.seenIds, ...ids]) })),
})
