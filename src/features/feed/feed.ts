// One page of the feed: asks the recommender which articles this viewer sees, and writes them as JSON. If the recommender has no
// answer in time, the fallback answers: the feed is never empty or slow because of it.

import { LRUCache } from 'lru-cache'
import type { ChannelId } from '../../base/id.ts'
import type { Metrics } from '../../base/metrics.ts'
import { invalid, Problem } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { FeedSource, Recommender, RecommendRequest, RecommendResponse } from '../../recommend/contract.ts'
import type { WriteId } from '../cards/card-json.ts'
import type { Cards } from '../cards/cards.ts'
import { writePageJson } from './page-json.ts'

export type Feed = ReturnType<typeof createFeed>

export interface FeedNeeds {
  recommender: Recommender
  fallback: Recommender
  cards: Cards
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
  writeId: WriteId
  cardsVersion: number
  withDek: boolean
  withTop: boolean
}

export function createFeed({ recommender, fallback, cards, channelExists, metrics }: FeedNeeds) {
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
      cached.withDek === wanted.withDek &&
      cached.withTop === wanted.withTop
    return isCurrent ? cached.json : undefined
  }

  async function writePage(response: RecommendResponse, { explain, withDek, withTop }: FeedRequest, writeId: WriteId) {
    // A page that was stored with pinned articles may be asked for again without them.
    const { items, funnel, nextCursor } = response
    const pinned = withTop ? (response.pinned ?? []) : []
    const ids = [...pinned, ...items].map(item => item.articleId)
    const [cardOf, deks] = await Promise.all([cards.jsonOf(ids, writeId), withDek ? cards.deksOf(ids) : undefined])
    return writePageJson({ cardOf, deks, pinned, items, explain, funnel, nextCursor })
  }

  return {
    async page(viewer: Viewer, request: FeedRequest, writeId: WriteId): Promise<FeedPage> {
      const { channelId, explain, withDek = false, withTop = false } = request
      if (!(await channelExists(channelId))) throw invalid('channel_id must be the id of a channel')
      const wanted = { viewer, channelId, count: PAGE_SIZE, withPinned: withTop }
      for (let cursor = request.cursor, tries = 1; ; tries++) {
        const isLastTry = tries > RECOMMENDER_TRIES
        const response = isLastTry
          ? await fallback.recommend({ ...wanted, cursor: request.cursor })
          : await recommendOrFallBack({ ...wanted, cursor, explain })
        const source = response.source ?? 'model'
        const state = { writeId, cardsVersion: cards.version(), withDek, withTop }
        const known = findRecentJson(response, state)
        if (known) {
          pagesTotal.add([source])
          return { source, json: known }
        }
        const { json, isEmpty } = await writePage(response, request, writeId)
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
