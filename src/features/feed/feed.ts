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
  channelExists: (id: ChannelId) => true | Promise<boolean>
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
// counts in them are up to as old as when they were written (recent-counts.ts), so half a second. Those of a page that was just
// stored are not kept: hardly any is asked for again, and V8 collects all of its heap when 64 MB of such bytes have got old.
const JSON_TTL_MS = 250
const JSON_MAX = 1_000 // some 13 MB

interface CachedPage extends FeedPage {
  writeId: WriteId
  cardsVersion: number
  withDek: boolean
  withTop: boolean
  writtenAt: number
}

export function createFeed({ recommender, fallback, cards, channelExists, metrics }: FeedNeeds) {
  const pagesTotal = metrics.counter('feed_pages_total', 'Feed pages answered', ['source'])
  const recentPages = new LRUCache<RecommendResponse, CachedPage>({ max: JSON_MAX })

  async function recommendOrFallBack(request: RecommendRequest): Promise<RecommendResponse> {
    try {
      return await recommender.recommend(request)
    } catch (err) {
      if (err instanceof Problem && err.kind === 'invalid') throw err
      return fallback.recommend(request)
    }
  }

  function findRecentPage(response: RecommendResponse, request: FeedRequest, writeId: WriteId): FeedPage | undefined {
    const { withDek = false, withTop = false } = request
    const cached = recentPages.get(response)
    const isCurrent =
      cached?.writeId === writeId &&
      cached.withDek === withDek &&
      cached.withTop === withTop &&
      cached.cardsVersion === cards.version() &&
      performance.now() - cached.writtenAt < JSON_TTL_MS
    return isCurrent ? cached : undefined
  }

  async function writePage(response: RecommendResponse, { explain, withDek, withTop }: FeedRequest, writeId: WriteId) {
    // A page that was stored with pinned articles may be asked for again without them.
    const { items, funnel, nextCursor } = response
    const pinned = withTop ? (response.pinned ?? []) : []
    const ids = [...pinned, ...items].map(item => item.articleId)
    const [cardOf, deks] = await Promise.all([cards.jsonOf(ids, writeId), withDek ? cards.deksOf(ids) : undefined])
    return writePageJson({ cardOf, deks, pinned, items, explain, funnel, nextCursor })
  }

  async function makePage(
    wanted: RecommendRequest,
    recalled: RecommendResponse | undefined,
    request: FeedRequest,
    writeId: WriteId,
  ): Promise<FeedPage> {
    const { explain, withDek = false, withTop = false } = request
    let cursor = request.cursor
    let response = recalled ?? (await recommendOrFallBack(wanted))
    for (let tries = 1; ; tries++) {
      const source = response.source ?? 'model'
      const cardsVersion = cards.version()
      const { json, isEmpty } = await writePage(response, request, writeId)
      // To clients an empty page is the end of the feed. If all its articles were just withdrawn, its continuation is served.
      const isWithdrawn = isEmpty && response.items.length > 0 && response.nextCursor > 0 && response.nextCursor !== cursor
      if (!isWithdrawn || tries > RECOMMENDER_TRIES) {
        const page = { source, json }
        pagesTotal.add([source])
        if (!explain && recalled)
          recentPages.set(response, { ...page, writeId, cardsVersion, withDek, withTop, writtenAt: performance.now() })
        return page
      }
      cursor = response.nextCursor
      response = tries < RECOMMENDER_TRIES ? await recommendOrFallBack({ ...wanted, cursor }) : await fallback.recommend(wanted)
    }
  }

  /** Not a promise if this process has the bytes: then nothing else is done. */
  function answer(viewer: Viewer, request: FeedRequest, writeId: WriteId): FeedPage | Promise<FeedPage> {
    const { channelId, cursor, explain, withTop: withPinned = false } = request
    const wanted = { viewer, channelId, count: PAGE_SIZE, cursor, explain, withPinned }
    const recalled = recommender.recall?.(wanted)
    const known = recalled && findRecentPage(recalled, request, writeId)
    if (!known) return makePage(wanted, recalled, request, writeId)
    pagesTotal.add([known.source])
    return known
  }

  return {
    page(viewer: Viewer, request: FeedRequest, writeId: WriteId): FeedPage | Promise<FeedPage> {
      const exists = channelExists(request.channelId)
      if (exists === true) return answer(viewer, request, writeId)
      return exists.then(isChannel => {
        if (!isChannel) throw invalid('channel_id must be the id of a channel')
        return answer(viewer, request, writeId)
      })
    },
  }
}
