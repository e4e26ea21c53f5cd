// Cuts a page from a ranking and stores it.

import { createBatcher } from '../../base/batcher.ts'
import type { Clock } from '../../base/clock.ts'
import type { ArticleId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { findVisibleIds } from '../../engines/database/visible.sql.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RecommendRequest } from '../contract.ts'
import { policyNumber, RANKERS } from '../policy/policy.ts'
import type { RankedArticle } from '../ranking-query.ts'
import { insertExploration } from '../select/exploration.ts'
import { sourceIndexOf } from '../sources/sources.ts'
import { type Knowledge, type NewPage, type Page, PROPENSITY_UNITS, type SeenPlace } from './page.ts'
import type { NewExplanation } from './page-explanation.ts'
import { storePages } from './pages.sql.ts'
import type { Ranking } from './ranked-buffer.ts'
import { retryMsOf } from './retry.ts'

// The pages that arrive while one statement is under way leave in the next: fewer statements and commits for the same pages. A
// second statement at once made a page cost a seventh more in PostgreSQL.
const STORE_BATCHES = { concurrency: 1, batchSizeMax: 32 }

export interface PageWriterNeeds {
  db: Db
  newId: () => bigint
  clock: Clock
  /** From 0 to below 1. */
  random: () => number
  catalogue: Catalogue
}

export interface PageDraft {
  viewerKey: string
  request: RecommendRequest
  ranking: Ranking
  /** On a continuation. */
  previousPage?: Page
  /** Whether the ranking comes from the viewer's ranked buffer, and so holds only after `previousPage`. */
  isBuffered?: boolean
  /** If the ranking was made with what was in memory of the viewer. */
  knowledge?: Knowledge
}

export function createPageWriter({ db, newId, clock, random, catalogue }: PageWriterNeeds) {
  const store = createBatcher<NewPage, Page | undefined>(pages => storePages(db, pages), STORE_BATCHES)

  /** The catalogue is behind the rows: removes articles that storePages may have refused because they were withdrawn. */
  async function removeWithdrawn(ids: ArticleId[]): Promise<void> {
    const published = await findVisibleIds(db, ids)
    for (const id of ids) if (!published.has(id)) catalogue.remove(id)
  }

  /** Undefined if the page could not be stored (see storePages); ranking again may succeed. */
  return async ({ viewerKey, request, ranking, previousPage, isBuffered, knowledge }: PageDraft): Promise<Page | undefined> => {
    const ranked = ranking.articles.slice(0, request.count)
    const articles = insertExploration(ranked, ranking.explorationCandidates, {
      catalogue,
      random,
      share: ranking.policy.exploration.share,
    })
    const page = await store({
      id: newId() as PageId,
      viewerKey,
      channelId: request.channelId,
      continuation: previousPage && { feedSession: previousPage.feedSession, cursor: BigInt(request.cursor) },
      bufferedAfter: isBuffered ? previousPage : undefined,
      knowledge,
      requestedCursor: request.cursor,
      retryMs: retryMsOf(request.cursor, clock),
      now: clock(),
      articleIds: articles.map(article => article.id),
      pinnedIds: previousPage ? [] : (ranking.pinnedIds ?? []),
      sources: articles.map(sourceIndexOf),
      propensity: articles.map(({ propensity = 1 }) => Math.max(1, Math.round(propensity * PROPENSITY_UNITS))),
      policy: policyNumber(ranking.policy.version, articles.find(({ ranker }) => ranker)?.ranker ?? RANKERS.fiveFactors),
      dialsVersion: ranking.dialsVersion,
      arm: ranking.policy.assignment?.arm,
      seenPlace: ranking.seenPlace && placeAfter(articles, ranking.seenPlace),
      explanation: explain(ranking, articles),
    })
    if (!page) {
      await removeWithdrawn([...articles.map(({ id }) => id), ...(ranking.pinnedIds ?? [])])
      return undefined
    }
    for (const facts of new Set(articles.map(article => article.facts))) catalogue.noteShown(facts)
    return page
  }
}

/** What a smaller change of policy would have shown instead comes from here. */
const RUNNERS_UP = 10

export function explain({ funnel, articles: ranked }: Pick<Ranking, 'funnel' | 'articles'>, shown: RankedArticle[]): NewExplanation {
  const shownIds = new Set(shown.map(({ id }) => id))
  const runnersUp: RankedArticle[] = []
  for (const article of ranked) {
    if (runnersUp.length === RUNNERS_UP) break
    // What is shown again has no score.
    if (!shownIds.has(article.id) && article.seenIndex === undefined) runnersUp.push(article)
  }
  return { funnel, items: shown, runnersUp }
}

const placeAfter = (articles: RankedArticle[], place: SeenPlace): SeenPlace => ({
  ...place,
  end: Math.max(place.end, ...articles.map(({ seenIndex = -1 }) => seenIndex + 1)),
})
