// Ranks what a page shows: unseen articles, and when fewer of them are left than the page has places, seen ones again. A session
// keeps a list of these, longest ago first. When the list is used up the rest is listed, until nothing is left.

import type { ArticleId } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { FunnelStep, RecommendRequest } from './contract.ts'
import { createSeenAgainFeed } from './feeds/seen-again.ts'
import type { Page } from './pages/page.ts'
import type { Ranking } from './pages/ranked-buffer.ts'
import { listSeenArticles } from './pages/seen.sql.ts'
import { SEEN_LIST_MAX } from './pages/seen-lists.ts'
import { storeSeenList } from './pages/seen-lists.sql.ts'
import { type Pipeline, runPipeline } from './pipeline/pipeline.ts'
import type { PipelineObserver } from './pipeline/pipeline.ts'
import { HISTORY_TIMES, RANKED_COUNT } from './policy.ts'
import type { RankedArticle, RankingQuery, RankingRequest, SeenAgain, ViewerContext } from './ranking-query.ts'
import type { LoadViewerContext } from './viewer-context.ts'

interface Needs {
  db: Db
  newId: () => bigint
  catalogue: Catalogue
  pipeline: Pipeline<RankingRequest, RankingQuery, RankedArticle>
  observeRun: () => { observer: PipelineObserver; funnel: FunnelStep[] }
  loadViewerContext: LoadViewerContext
}

interface Asked {
  viewerKey: string
  request: RecommendRequest
  /** On a continuation. */
  previousPage?: Page
  context: ViewerContext
}

/** Has no articles when the session has shown everything the viewer may see. */
export type RankPage = (asked: Asked) => Promise<Ranking>

export function createPageRanker({ db, newId, catalogue, pipeline, observeRun, loadViewerContext }: Needs): RankPage {
  const seenAgainFeed = createSeenAgainFeed(catalogue)

  async function rankWithout(excludeIds: readonly ArticleId[], asked: Asked): Promise<Ranking> {
    const { viewerKey, request, previousPage, context } = asked
    const { channelId } = request
    const { loadedAt } = context
    const { seenAgain } = await context.history
    const { observer, funnel } = observeRun()
    const count = Math.max(request.count, RANKED_COUNT)
    const rankingRequest = { viewerKey, channelId, now: loadedAt, count, previousPage, context, excludeIds }
    const showAgain = async ({ ids, start }: Pick<SeenAgain, 'ids' | 'start'>, most = count) =>
      (await runPipeline(seenAgainFeed, { ...rankingRequest, seenIds: ids, start, count: most }, observer)).chosen
    const of = (articles: RankedArticle[], explorationCandidates: RankedArticle[], seenPlace: Ranking['seenPlace']): Ranking => ({
      articles,
      explorationCandidates,
      funnel,
      rankedAt: loadedAt,
      seenPlace,
    })

    if (seenAgain?.isAllThatIsLeft) {
      const { listId, start } = seenAgain
      const seen = await showAgain(seenAgain)
      if (seen.length >= request.count) return of(seen, [], { listId, end: start, nothingUnseenAt: loadedAt })
      return rankWithout(excludeIds, { ...asked, context: loadViewerContext(viewerKey, request, true) })
    }

    const { chosen, ranked } = await runPipeline(pipeline, rankingRequest, observer)
    const explorationCandidates = ranked.filter(article => article.from.includes('explore'))
    if (chosen.length >= request.count)
      return of(chosen, explorationCandidates, previousPage?.seenPlace && { ...previousPage.seenPlace, nothingUnseenAt: 0 })
    if (seenAgain) {
      const { listId, start } = seenAgain
      const seen = await showAgain(seenAgain)
      if (chosen.length + seen.length >= request.count)
        return of([...chosen, ...seen], explorationCandidates, { listId, end: start, nothingUnseenAt: loadedAt })
    }
    const chosenIds = new Set(chosen.map(article => article.id))
    const all = await listSeenArticles(db, { viewerKey, channelId, cursor: request.cursor }, HISTORY_TIMES)
    const listed = await showAgain({ ids: all.filter(id => !chosenIds.has(id)), start: 0 }, SEEN_LIST_MAX)
    if (listed.length === 0) return of(chosen, explorationCandidates, undefined)
    const listId = newId()
    await storeSeenList(
      db,
      listId,
      listed.map(article => article.id),
    )
    const seen = listed.slice(0, count).map((article, seenIndex) => ({ ...article, seenIndex }))
    return of([...chosen, ...seen], explorationCandidates, { listId, end: 0, nothingUnseenAt: loadedAt })
  }

  return async asked => {
    const { previousPage, request } = asked
    const { excludeIds = [], deprioritizedIds = [] } = request
    const last = previousPage ? deprioritizedIds : []
    const ranking = await rankWithout([...excludeIds, ...last], asked)
    return last.length > 0 && ranking.articles.length === 0 ? rankWithout(excludeIds, asked) : ranking
  }
}
