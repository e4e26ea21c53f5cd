// What the feed shows if the recommender has no answer in time. The ladder: the stored shared list (`trending`), the list this
// process read last (`memory`), the newest articles (`newest`). A step but the last has 40 ms, so the ladder ends soon after the
// recommender's deadline. Cursors are those of the lists: when the recommender is back, it knows from them what was shown.

import { LRUCache } from 'lru-cache'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import { type ArticleId, type ChannelId, type PageId, RECOMMENDED_CHANNEL } from '../base/id.ts'
import { withTimeout } from '../base/timeout.ts'
import type { Viewer } from '../base/viewer.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import { findVisibleIds } from '../engines/database/visible.sql.ts'
import type { FeedSource, Recommender, RecommendRequest, RecommendResponse } from './contract.ts'
import { findHistory, listSeenArticles, recordContinuedPageSeen } from './pages/seen.sql.ts'
import { HISTORY_TIMES, NO_POLICY } from './policy.ts'
import { decodeListCursor, encodeListCursor, LIST_LENGTH_MAX, type ListPosition } from './shared-lists/list-cursor.ts'
import { findLatestSharedList, findSharedList, listNewestIds, storeSharedList } from './shared-lists/shared-lists.sql.ts'
import type { TokenSigner } from './tracking-tokens.ts'

export interface FallbackNeeds {
  db: Db
  clock: Clock
  tokenSigner: TokenSigner
}

interface FallbackList {
  minute: number
  ids: ArticleId[]
  source: FeedSource
}

const STEP_MS = 40
// The oldest list that may be shown, and for how long one from memory is used before a newer one is read.
const LIST_AGE_MAX_MS = HOUR
const LIST_FRESH_MS = 30_000
const LISTS_MAX = 25 // channels; some 26 MB if each had a list of 30,000

export function createFallback({ db, clock, tokenSigner }: FallbackNeeds): Recommender {
  const memory = new LRUCache<ChannelId, FallbackList & { readAt: number }>({ max: LISTS_MAX })

  /** The list of a new feed session: the first step of the ladder that has one. */
  async function findList(channelId: ChannelId): Promise<FallbackList | undefined> {
    const known = memory.get(channelId)
    if (known && clock() - known.readAt < LIST_FRESH_MS) return known
    const stored = await tryWithinStep(findLatestSharedList(db, channelId, Math.floor((clock() - LIST_AGE_MAX_MS) / MINUTE)))
    if (stored) return remember(channelId, { ...stored, source: 'trending' })
    if (known && known.source !== 'newest') return { ...known, source: 'memory' }
    // No time limit: an empty page would tell clients that the feed has ended. All articles: anonymous viewers share the
    // stored list for this minute, and it must not end early.
    const newest = await listNewestIds(db, channelId === RECOMMENDED_CHANNEL ? undefined : channelId, LIST_LENGTH_MAX).catch(err => {
      if (!known) throw err
    })
    if (!newest) return known && { ...known, source: 'memory' }
    const minute = Math.floor(clock() / MINUTE)
    const ids = (await tryWithinStep(storeSharedList(db, channelId, minute, newest))) ?? newest
    return remember(channelId, { minute, ids, source: 'newest' })
  }

  function remember(channelId: ChannelId, list: FallbackList): FallbackList {
    memory.set(channelId, { ...list, readAt: clock() })
    return list
  }

  async function findListAt(channelId: ChannelId, { minute }: ListPosition): Promise<FallbackList | undefined> {
    const known = memory.get(channelId)
    if (known?.minute === minute) return known
    const ids = await tryWithinStep(findSharedList(db, channelId, minute))
    return ids && { minute, ids, source: 'trending' }
  }

  /** The next `count` of a list that the viewer may be offered, and where the list continues; undefined if there are none. */
  async function findSlice(
    list: ArticleId[],
    { offset, count, excluded, viewer }: { offset: number; count: number; excluded: ReadonlySet<ArticleId>; viewer: Viewer },
  ): Promise<{ ids: ArticleId[]; end: number } | undefined> {
    const ids: ArticleId[] = []
    // Usually one round. Each round that leaves the page short asks about twice as many.
    for (let at = offset, many = count; at < list.length; many *= 2) {
      const candidates: { id: ArticleId; end: number }[] = []
      for (; at < list.length && candidates.length < many; at++) {
        const id = list[at] as ArticleId
        if (!excluded.has(id)) candidates.push({ id, end: at + 1 })
      }
      const asked = candidates.map(({ id }) => id)
      const reader = viewer.kind === 'reader' ? viewer.id : undefined
      // While PostgreSQL is down, or slow, readers see what everybody sees.
      const visible = reader === undefined ? undefined : await tryWithinStep(findVisibleIds(db, asked, reader))
      for (const { id, end } of candidates) {
        if (!visible || visible.has(id)) ids.push(id)
        if (ids.length === count) return { ids, end }
      }
    }
    return ids.length > 0 ? { ids, end: list.length } : undefined
  }

  return {
    async recommend({ viewer, channelId, count, cursor, excludeIds = [] }: RecommendRequest): Promise<RecommendResponse> {
      const position = decodeListCursor(cursor, clock())
      const continued = position && (await findListAt(channelId, position))
      const list = continued ?? (await findList(channelId))
      const viewerKey = viewerKeyOf(viewer)
      const [history] =
        viewerKey === undefined
          ? []
          : await Promise.all([
              tryWithinStep(findHistory(db, { viewerKey, channelId, cursor }, HISTORY_TIMES)),
              continued ? undefined : tryWithinStep(recordContinuedPageSeen(db, viewerKey, channelId, cursor)),
            ])
      const offset = continued && position ? position.offset : 0
      const isFirstPage = !continued
      const sliceWithout = (excluded: ReadonlySet<ArticleId>) => findSlice(list?.ids ?? [], { offset, count, excluded, viewer })
      const { seenIds = [], recentlyServedIds = [] } = history ?? {}
      /** What the session may have shown. A session that continues a list is not known: what was served lately stands for it. */
      async function findSessionIds(): Promise<ArticleId[]> {
        if (viewerKey === undefined) return []
        if (continued) return recentlyServedIds
        const seenBefore = await tryWithinStep(listSeenArticles(db, { viewerKey, channelId, cursor }, HISTORY_TIMES))
        return [...new Set([...seenIds, ...recentlyServedIds]).difference(new Set(seenBefore))]
      }
      // Without what was served lately; if nothing is left, without what was seen; then without what this session has shown.
      const slice =
        list &&
        ((await sliceWithout(new Set([...excludeIds, ...seenIds, ...recentlyServedIds]))) ??
          (await sliceWithout(new Set([...excludeIds, ...seenIds]))) ??
          (await sliceWithout(new Set([...excludeIds, ...(await findSessionIds())]))))
      if (!list || !slice) return { exposureToken: '', nextCursor: 0, isFirstPage, items: [], source: list?.source ?? 'newest' }
      const { minute, source } = list
      const pageId = BigInt(encodeListCursor({ minute, offset })) as PageId
      const signer = tokenSigner.forPage({ pageId, channelId, policy: NO_POLICY, viewerKey, issuedAt: clock() })
      const items = slice.ids.map((articleId, index) => ({
        articleId,
        tokens: signer.tokensFor({ articleId, position: index, source: 0, propensity: 1 }),
      }))
      const nextCursor = encodeListCursor({ minute, offset: slice.end })
      return { exposureToken: signer.exposureToken, nextCursor, isFirstPage, items, source }
    },
  }
}

/** Undefined if the work fails or takes longer than a step may. */
const tryWithinStep = <T>(work: Promise<T>): Promise<T | undefined> =>
  withTimeout(
    STEP_MS,
    work.catch(() => undefined),
    () => undefined,
  )
