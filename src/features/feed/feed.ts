// The feed: asks the recommender what this viewer should see, and shows it. When the recommender has no answer in time,
// a simpler list stands in: a poorer feed, never an empty or a slow one.

import { LRUCache } from 'lru-cache'
import type { ArticleId, ChannelId } from '../../base/id.ts'
import type { Metrics } from '../../base/metrics.ts'
import { invalid, Problem } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { FeedSource, Recommender, RecommendRequest, RecommendResponse, TrackingTokens } from '../../recommend/contract.ts'
import type { WriteId } from '../cards/card-json.ts'
import type { Cards } from '../cards/cards.ts'
import { type FindPinnedItems, onTop } from './pinned-items.ts'

export type Feed = ReturnType<typeof createFeed>

export interface FeedNeeds {
  recommender: Recommender
  /** Asked when the recommender has no answer. */
  fallback: Recommender
  cards: Cards
  /** What editors have pinned above a channel's pages. */
  findPinnedItems: FindPinnedItems
  channelExists: (id: ChannelId) => Promise<boolean>
  metrics: Metrics
}

export interface FeedRequest {
  channelId: ChannelId
  cursor: number
  /** Whether to say why. */
  explain?: boolean
  /** Whether a page that begins a scroll shows what is pinned above it, and no page what is pinned. */
  withTop?: boolean
}

const PAGE_SIZE = 10
// A page whose articles were all withdrawn in this moment is rare; after three of them the recommender knows other articles than we do.
const ASK_MOST = 3
// Everybody gets the same list, and some ask twice: for a quarter of a second a page is sent as the bytes it was sent as,
// unless an article has changed. Its counts, as old when they were written in (recent-counts.ts), are then half a second old.
const READY_MS = 250
const READY_MAX = 1_000 // some 6 MB

interface Ready {
  json: Buffer
  /** Some share an answer, and not what they want above it. */
  viewer: string | undefined
  writeId: WriteId
  changes: number
  pinned: readonly ArticleId[]
}

export function createFeed({ recommender, fallback, cards, findPinnedItems: above, channelExists, metrics }: FeedNeeds) {
  const pages = metrics.counter('feed_pages_total', 'Feed pages answered', ['source'])
  const ready = new LRUCache<RecommendResponse, Ready>({ max: READY_MAX, ttl: READY_MS })

  type Besides = Pick<RecommendRequest, 'besides' | 'last'>

  async function ask(viewer: Viewer, { channelId, cursor: stamp, explain }: FeedRequest, wishes: Besides): Promise<RecommendResponse> {
    const asked = { viewer, channelId, count: PAGE_SIZE, stamp, explain, ...wishes }
    try {
      return await recommender.recommend(asked)
    } catch (err) {
      if (err instanceof Problem && err.kind === 'invalid') throw err
      return fallback.recommend(asked)
    }
  }

  return {
    /** A page as JSON in bytes, its articles spliced from what is written already. */
    async page(viewer: Viewer, asked: FeedRequest, writeId: WriteId): Promise<{ source: FeedSource; json: Buffer }> {
      if (!(await channelExists(asked.channelId))) throw invalid('channel_id must be the id of a channel')
      const { pinned, others, shownWith } = await above(viewer, asked.channelId, asked.withTop)
      const key = viewerKeyOf(viewer)
      let besides = pinned
      for (let stamp = asked.cursor, tries = 1; ; tries++) {
        const again = { viewer, channelId: asked.channelId, count: PAGE_SIZE, stamp: asked.cursor, besides }
        const answer =
          tries > ASK_MOST
            ? await fallback.recommend(again)
            : await ask(viewer, { ...asked, cursor: stamp }, { excludeIds: besides, deprioritizedIds: others })
        // Nothing is left but what is pinned: it is the page itself, once, so that the feed still ends.
        if (answer.isFirstPage && answer.items.length === 0 && besides.length > 0) {
          besides = []
          continue
        }
        // Such a page once more, or a recommender that does not say where scrolls begin: what is pinned stands in its place.
        if (answer.isFirstPage === undefined || (answer.isFirstPage && answer.items.every(item => besides.includes(item.articleId))))
          besides = []
        const source = answer.source ?? 'model'
        const known = ready.get(answer)
        const changes = cards.version()
        if (known?.writeId === writeId && known.changes === changes && known.pinned === pinned && known.viewer === key) {
          pages.add([source])
          return { source, json: known.json }
        }
        const items = besides.length === 0 ? answer.items : answer.items.filter(item => !besides.includes(item.articleId))
        const [card, tops] = await Promise.all([
          cards.jsonOf([...besides, ...items.map(item => item.articleId)], writeId),
          besides.length === 0 ? [] : shownWith(answer),
        ])
        const splice = ({ articleId, track, why }: RecommendResponse['items'][number]): Buffer[] => {
          const parts = card(articleId)
          if (!parts) return []
          const written = pinned.includes(articleId) ? onTop(parts) : parts
          const reasons = asked.explain && why ? [Buffer.from(`,"why":${JSON.stringify(why)}`)] : []
          return [COMMA, ...written, traceJson(track), ...reasons, CLOSE]
        }
        // What is pinned comes with a page, never alone: clients would ask for more of a list that has an article, for ever.
        const ten = items.flatMap(splice)
        const results = ten.length > 0 ? [...tops.flatMap(splice), ...ten].slice(1) : ten
        // An empty page means the end to clients. One whose articles were all withdrawn just now is not: on to the next.
        if (tries <= ASK_MOST && results.length === 0 && answer.items.length > 0 && answer.nextCursor > 0 && answer.nextCursor !== stamp) {
          stamp = answer.nextCursor
          continue
        }
        pages.add([source])
        // A number without articles, or articles without a number, would send clients round for ever.
        const preTimestamp = results.length > 0 && answer.nextCursor > 0 ? answer.nextCursor : null
        const funnel = answer.funnel ? `,"funnel":${JSON.stringify(answer.funnel)}` : ''
        const json = Buffer.concat([
          Buffer.from(`{"message":"OK","data":{"pre_timestamp":${preTimestamp},"results":[`),
          ...results,
          Buffer.from(`]${funnel}}}\n`),
        ])
        if (!asked.explain) ready.set(answer, { json, viewer: key, writeId, changes, pinned })
        return { source, json }
      }
    },
  }
}

const [COMMA, CLOSE] = [Buffer.from(','), Buffer.from('}')]

// Our own traces need no escaping; what another recommender sends may hold anything.
const PLAIN = /^[\w-]*$/
// Pages asked for again within minutes hold the same tracks.
const written = new WeakMap<TrackingTokens, Buffer>()

function traceJson(track: TrackingTokens): Buffer {
  const known = written.get(track)
  if (known) return known
  const { click, collect, share, read } = track
  const plain = PLAIN.test(click) && PLAIN.test(collect) && PLAIN.test(share) && PLAIN.test(read)
  const json = plain
    ? `{"click":"${click}","collect":"${collect}","share":"${share}","read":"${read}"}`
    : JSON.stringify({ click, collect, share, read })
  const bytes = Buffer.from(`,"trace":${json}`)
  written.set(track, bytes)
  return bytes
}
