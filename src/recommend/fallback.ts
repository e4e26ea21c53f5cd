// What the feed shows while the recommender has no answer: the list everybody gets, as the recommender last stored it;
// failing that, as this process last saw it; failing that, the newest articles. Each rung has its own short time, so that
// the whole ladder fits behind the recommender's deadline. A number given out here is a place in a list: when the
// recommender is back, it knows by it what was shown.

import { LRUCache } from 'lru-cache'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import { type ArticleId, type ChannelId, type PageId, RECOMMENDED_CHANNEL } from '../base/id.ts'
import { withTimeout } from '../base/timeout.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import type { FeedSource, Recommender, RecommendRequest, RecommendResponse } from './contract.ts'
import { pastOf } from './pages/pages.sql.ts'
import { noteContinued } from './pages/seen.sql.ts'
import { SEEN_DAYS, SERVED_MS } from './recommender.ts'
import { type ListPlace, PLACES, placeOf, stampOf } from './shared-lists/list-cursor.ts'
import { keepSharedList, latestList, newestIds, sharedList } from './shared-lists/shared-lists.sql.ts'
import type { TokenSigner } from './tracking-tokens.ts'

export interface FallbackNeeds {
  db: Db
  clock: Clock
  traces: TokenSigner
}

interface List {
  minute: number
  ids: ArticleId[]
  source: FeedSource
}

const RUNG_MS = 40
// Policy 0 is no policy: what comes of such pages is not learnt from.
const NO_POLICY = 0
// How old a list may be that stands in, and for how long one is used before a newer one is looked for.
const LIST_AGE_MAX = HOUR
const LIST_FRESH_MS = 30_000
const NEWEST = PLACES // all: the list is everybody's for that minute, and must not end early
const LISTS_MAX = 25 // channels; some 26 MB if each had a list of 30,000

export function createFallback({ db, clock, traces }: FallbackNeeds): Recommender {
  const memory = new LRUCache<ChannelId, List & { at: number }>({ max: LISTS_MAX })

  /** The list to begin with, from the best rung that holds. */
  async function listFor(channelId: ChannelId): Promise<List | undefined> {
    const known = memory.get(channelId)
    if (known && clock() - known.at < LIST_FRESH_MS) return known
    const stored = await tried(latestList(db, channelId, Math.floor((clock() - LIST_AGE_MAX) / MINUTE)))
    if (stored) return remember(channelId, { ...stored, source: 'trending' })
    if (known && known.source !== 'newest') return { ...known, source: 'memory' }
    // The last rung has as long as it takes: an empty page would tell clients that the feed has ended.
    const newest = await newestIds(db, channelId === RECOMMENDED_CHANNEL ? undefined : channelId, NEWEST).catch(err => {
      if (!known) throw err
    })
    if (!newest) return known && { ...known, source: 'memory' }
    const minute = Math.floor(clock() / MINUTE)
    const ids = (await tried(keepSharedList(db, channelId, minute, newest))) ?? newest
    return remember(channelId, { minute, ids, source: 'newest' })
  }

  function remember(channelId: ChannelId, list: List): List {
    memory.set(channelId, { ...list, at: clock() })
    return list
  }

  /** The list a number names, if it is still to be had. */
  async function listAt(channelId: ChannelId, place: ListPlace): Promise<List | undefined> {
    const known = memory.get(channelId)
    if (known?.minute === place.minute) return known
    const ids = await tried(sharedList(db, channelId, place.minute))
    return ids && { minute: place.minute, ids, source: 'trending' }
  }

  return {
    async recommend({ viewer, channelId, count, cursor: stamp, excludeIds: besides = [] }: RecommendRequest): Promise<RecommendResponse> {
      const place = placeOf(stamp, clock())
      const named = place && (await listAt(channelId, place))
      const list = named ?? (await listFor(channelId))
      const key = viewerKeyOf(viewer)
      const [past] =
        key === undefined
          ? []
          : await Promise.all([
              tried(pastOf(db, { viewer: key, channelId, stamp }, { seenDays: SEEN_DAYS, servedMs: SERVED_MS })),
              named ? undefined : tried(noteContinued(db, key, channelId, stamp)),
            ])
      const offset = named && place ? place.offset : 0
      const begins = !named
      // Without what was served lately; if that leaves nothing, at least without what was seen.
      const cut =
        list &&
        (slice(list, offset, count, new Set([...besides, ...(past?.passed ?? []), ...(past?.served ?? [])])) ??
          slice(list, offset, count, new Set([...besides, ...(past?.passed ?? [])])))
      const { shown, next } = cut ?? { shown: [], next: offset }
      if (!list || shown.length === 0)
        return { exposureToken: '', nextCursor: 0, isFirstPage: begins, items: [], source: list?.source ?? 'newest' }
      const pageId = BigInt(stampOf({ minute: list.minute, offset })) as PageId
      const sign = traces.forPage({ pageId, channelId, policy: NO_POLICY, viewer: key, issuedAt: clock() })
      const items = shown.map((articleId, position) => ({
        articleId,
        track: sign.track({ articleId, position, source: 0, propensity: 1 }),
      }))
      return {
        exposureToken: sign.exposure,
        nextCursor: stampOf({ minute: list.minute, offset: next }),
        isFirstPage: begins,
        items,
        source: list.source,
      }
    },
  }
}

/** The next `count` of a list that are not among `passed`, and where the list goes on; undefined when there are none. */
function slice(
  { ids }: List,
  offset: number,
  count: number,
  passed: ReadonlySet<ArticleId>,
): { shown: ArticleId[]; next: number } | undefined {
  const shown: ArticleId[] = []
  let next = offset
  for (; next < ids.length && shown.length < count; next++) {
    const id = ids[next] as ArticleId
    if (!passed.has(id)) shown.push(id)
  }
  return shown.length > 0 ? { shown, next } : undefined
}

/** Undefined when it fails or takes longer than a rung may. */
const tried = <T>(work: Promise<T>): Promise<T | undefined> =>
  withTimeout(
    RUNG_MS,
    work.catch(() => undefined),
    () => undefined,
  )
