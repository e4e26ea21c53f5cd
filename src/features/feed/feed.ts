// One page of the feed: asks the recommender which articles this viewer sees, and writes them as JSON. If the recommender has no
// answer in time, the fallback answers: the feed is never empty or slow because of it.

import { LRUCache } from 'lru-cache'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Metrics } from '../../base/metrics.ts'
import { invalid, Problem } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { FeedSource, Recommender, RecommendRequest, RecommendResponse } from '../../recommend/contract.ts'
import type { WriteId } from '../cards/card-json.ts'
import type { Cards } from '../cards/cards.ts'
import type { FindPinnedItems, PinnedItems } from './items-above-page.ts'
import { writePageJson } from './page-json.ts'

export type Feed = ReturnType<typeof createFeed>

export interface FeedNeeds {
  recommender: Recommender
  fallback: Recommender
  cards: Cards
  findPinnedItems: FindPinnedItems
  channelExists: (id: ChannelId) => Promise<boolean>
  metrics: Metrics
}

export interface FeedRequest {
  channelId: ChannelId
  /** The client's timestamp. */
  cursor: number
  /** Adds the reasons of each article and the funnel. */
  explain?: boolean
  /** Adds the first line of each article with a long text. */
  withDek?: boolean
  /** Shows pinned articles above a first page, and on no other. */
  withTop?: boolean
}

export interface FeedPage {
  source: FeedSource
  json: Buffer
}

const PAGE_SIZE = 10
// All articles of a page are withdrawn at one moment only if the recommender is far behind the rows; then the fallback answers.
const RECOMMENDER_TRIES = 3
// Anonymous viewers get the same response, and some clients ask twice: its bytes are sent again unless an article changes. The
// counts in them are up to as old as when they were written (recent-counts.ts), so half a second.
const JSON_TTL_MS = 250
const JSON_MAX = 1_000 // some 6 MB

interface CachedJson {
  json: Buffer
  /** Viewers who share a response may have put away different pinned articles. */
  viewerKey: string | undefined
  writeId: WriteId
  cardsVersion: number
  pinnedIds: readonly ArticleId[]
  withDek: boolean
}

export function createFeed({ recommender, fallback, cards, findPinnedItems, channelExists, metrics }: FeedNeeds) {
  const pagesTotal = metrics.counter('feed_pages_total', 'Feed pages answered', ['source'])
  const recentJson = new LRUCache<RecommendResponse, CachedJson>({ max: JSON_MAX, ttl: JSON_TTL_MS })

  async function recommendOrFallBack(request: RecommendRequest): Promise<RecommendResponse> {
    try {
      return await recommender.recommend(request)
    } catch (err) {
      if (err instanceof Problem && err.kind === 'invalid') throw err
      return fallback.recommend(request)
    }
  }

  function findRecentJson(response: RecommendResponse, wanted: Omit<CachedJson, 'json'>): Buffer | undefined {
    const cached = recentJson.get(response)
    const isCurrent =
      cached?.writeId === wanted.writeId &&
      cached.cardsVersion === wanted.cardsVersion &&
      cached.pinnedIds === wanted.pinnedIds &&
      cached.viewerKey === wanted.viewerKey &&
      cached.withDek === wanted.withDek
    return isCurrent ? cached.json : undefined
  }

  /** `excludeIds`: the articles that are pinned above this page instead of being on it. */
  async function writePage(
    response: RecommendResponse,
    { shownIds, itemsAbove }: PinnedItems,
    excludeIds: readonly ArticleId[],
    { explain, withDek }: Pick<FeedRequest, 'explain' | 'withDek'>,
    writeId: WriteId,
  ): Promise<{ json: Buffer; isEmpty: boolean }> {
    const items = excludeIds.length === 0 ? response.items : response.items.filter(item => !excludeIds.includes(item.articleId))
    const ids = [...excludeIds, ...items.map(item => item.articleId)]
    const [cardOf, deks, pinnedItems] = await Promise.all([
      cards.jsonOf(ids, writeId),
      withDek ? cards.deksOf(ids) : undefined,
      excludeIds.length === 0 ? [] : itemsAbove(response),
    ])
    const { funnel, nextCursor } = response
    return writePageJson({ cardOf, deks, pinnedItems, items, pinnedIds: shownIds, explain, funnel, nextCursor })
  }

  return {
    async page(viewer: Viewer, request: FeedRequest, writeId: WriteId): Promise<FeedPage> {
      const { channelId, explain, withDek = false } = request
      if (!(await channelExists(channelId))) throw invalid('channel_id must be the id of a channel')
      const pinned = await findPinnedItems(viewer, channelId, request.withTop)
      const viewerKey = viewerKeyOf(viewer)
      let excludeIds = pinned.shownIds
      for (let cursor = request.cursor, tries = 1; ; tries++) {
        const isLastTry = tries > RECOMMENDER_TRIES
        const response = isLastTry
          ? await fallback.recommend({ viewer, channelId, count: PAGE_SIZE, cursor: request.cursor, excludeIds })
          : await recommendOrFallBack({
              viewer,
              channelId,
              count: PAGE_SIZE,
              cursor,
              explain,
              excludeIds,
              deprioritizedIds: pinned.otherIds,
            })
        // Nothing but pinned articles is left: they are the page, once, so that the feed still ends.
        if (response.isFirstPage && response.items.length === 0 && excludeIds.length > 0) {
          excludeIds = []
          continue
        }
        // Such a page again, or a recommender that does not know first pages: pinned articles are where the page has them.
        const hasOnlyPinned = response.isFirstPage && response.items.every(item => excludeIds.includes(item.articleId))
        if (response.isFirstPage === undefined || hasOnlyPinned) excludeIds = []
        const source = response.source ?? 'model'
        const state = { viewerKey, writeId, cardsVersion: cards.version(), pinnedIds: pinned.shownIds, withDek }
        const known = findRecentJson(response, state)
        if (known) {
          pagesTotal.add([source])
          return { source, json: known }
        }
        const { json, isEmpty } = await writePage(response, pinned, excludeIds, request, writeId)
        // To clients an empty page is the end of the feed. If all its articles were just withdrawn, its continuation is served.
        if (!isLastTry && isEmpty && response.items.length > 0 && response.nextCursor > 0 && response.nextCursor !== cursor) {
          cursor = response.nextCursor
          continue
        }
        pagesTotal.add([source])
        if (!explain) recentJson.set(response, { ...state, json })
        return { source, json }
      }
    },
  }
}
