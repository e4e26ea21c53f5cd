// What the feed shows if the recommender has no answer in time: a list (fallback-lists.ts), what the viewer has seen last. Each
// read has 40 ms, so the page is there soon after the recommender's deadline. Cursors are those of the list: when the
// recommender is back, it knows from them what was shown.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../base/id.ts'
import { withTimeout } from '../base/timeout.ts'
import type { Viewer } from '../base/viewer.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import { findOfferedIds } from '../engines/database/visible.sql.ts'
import type { Recommender, RecommendRequest, RecommendResponse } from './contract.ts'
import { createFallbackLists, type FallbackList, type TryWithinStep } from './fallback-lists.ts'
import { HISTORY_TIMES } from './feed-constants.ts'
import { signPinned } from './pages/pinned.ts'
import { findHistory, findSessionArticles, recordContinuedPageSeen } from './pages/seen.sql.ts'
import { NOT_RANKED } from './policy/policy.ts'
import { decodeListCursor, encodeListCursor, LIST_LENGTH_MAX } from './shared-lists/list-cursor.ts'
import type { TokenSigner } from './tracking-tokens.ts'

export interface FallbackNeeds {
  db: Db
  clock: Clock
  tokenSigner: TokenSigner
  /** How long a step of the ladder may take. */
  stepMs?: number
}

/** A viewer's feed session, as it was when its first fallback page was made. */
interface Session {
  /** Shown after everything else: articles seen, or served lately. */
  seen: ReadonlySet<ArticleId>
  /** Not shown again: articles of the pages that the recommender made for the session. */
  shown: ReadonlySet<ArticleId>
  /** If `seen` could not be read yet: from where in the list on pages were made without it. */
  unreadFrom?: number
}

const NOTHING_SEEN: Session = { seen: new Set(), shown: new Set() }

const STEP_MS = 40
const SESSION_IDS_MAX = 200_000 // 9 MB measured: two hundred viewers who have seen a thousand articles each

export function createFallback({ db, clock, tokenSigner, stepMs = STEP_MS }: FallbackNeeds): Recommender {
  const tryWithinStep: TryWithinStep = work =>
    withTimeout(
      stepMs,
      work.catch(() => undefined),
      () => undefined,
    )
  const sessions = new LRUCache<string, Session>({
    maxSize: SESSION_IDS_MAX,
    sizeCalculation: ({ seen, shown }) => 1 + seen.size + shown.size,
  })
  const lists = createFallbackLists({ db, clock, tryWithinStep })

  /** What the session shows last, and never. The process that began a session remembers it; another one looks it up anew. */
  async function findSession(
    viewer: Viewer,
    at: { channelId: ChannelId; cursor: number },
    { minute, ids }: FallbackList,
    offset: number,
    isFirstPage: boolean,
  ): Promise<Session> {
    const viewerKey = viewerKeyOf(viewer)
    if (viewerKey === undefined) return NOTHING_SEEN
    const key = `${viewerKey} ${at.channelId} ${minute}`
    const known = isFirstPage ? undefined : sessions.get(key)
    if (known && known.unreadFrom === undefined) return known
    const [history, shownIds] = await Promise.all([
      tryWithinStep(findHistory(db, { viewerKey, ...at }, HISTORY_TIMES)),
      known ? undefined : tryWithinStep(findSessionArticles(db, { viewerKey, ...at })),
      isFirstPage && tryWithinStep(recordContinuedPageSeen(db, viewerKey, at.channelId, at.cursor)),
    ])
    // Sessions of the same minute share an entry. Forgetting what one has put off to its end would end it early.
    const before = known ?? (history ? undefined : sessions.get(key))
    if (!history && before) return before
    const { seenIds = [], sessionIds = [], recentlyServedIds = [] } = history ?? {}
    const seen = new Set([...seenIds, ...sessionIds, ...recentlyServedIds])
    // What was shown before that could be read does not come again at the end.
    for (const id of ids.slice(known?.unreadFrom ?? offset, offset)) seen.delete(id)
    const session = { seen, shown: known?.shown ?? new Set(shownIds), unreadFrom: history ? undefined : offset }
    sessions.set(key, session)
    return session
  }

  /** Those of the pinned articles that the viewer may be offered; none if that cannot be read. */
  async function findOffered(viewer: Viewer, channelId: ChannelId, pinnedIds: ArticleId[]): Promise<ArticleId[]> {
    const viewerKey = viewerKeyOf(viewer)
    if (viewerKey === undefined || pinnedIds.length === 0) return pinnedIds
    const offered = await tryWithinStep(findOfferedIds(db, pinnedIds, viewerKey, channelId))
    return pinnedIds.filter(id => offered?.has(id))
  }

  /**
   * The next `count` that the viewer may be offered, and the offset that follows; undefined if there are none. Offsets go
   * through the list twice: the first time it offers what was not seen, the second time what was.
   */
  async function findSlice(
    list: ArticleId[],
    {
      offset,
      count,
      excluded,
      session,
      viewer,
      channelId,
    }: { offset: number; count: number; excluded: ReadonlySet<ArticleId>; session: Session; viewer: Viewer; channelId: ChannelId },
  ): Promise<{ ids: ArticleId[]; end: number } | undefined> {
    const ids: ArticleId[] = []
    const end = session.seen.size === 0 ? list.length : Math.min(2 * list.length, LIST_LENGTH_MAX)
    // Usually one round. Each round that leaves the page short asks about twice as many.
    for (let at = offset, many = count; at < end; many *= 2) {
      const candidates: { id: ArticleId; end: number }[] = []
      for (; at < end && candidates.length < many; at++) {
        const id = list[at % list.length] as ArticleId
        const isInTurn = session.seen.has(id) === at >= list.length
        if (isInTurn && !session.shown.has(id) && !excluded.has(id)) candidates.push({ id, end: at + 1 })
      }
      const asked = candidates.map(({ id }) => id)
      const viewerKey = viewerKeyOf(viewer)
      // While PostgreSQL is down, or slow, viewers see what everybody sees.
      const visible = viewerKey === undefined ? undefined : await tryWithinStep(findOfferedIds(db, asked, viewerKey, channelId))
      for (const { id, end } of candidates) {
        if (!visible || visible.has(id)) ids.push(id)
        if (ids.length === count) return { ids, end }
      }
    }
    return ids.length > 0 ? { ids, end } : undefined
  }

  return {
    async recommend({ viewer, channelId, count, cursor, withPinned = false }: RecommendRequest): Promise<RecommendResponse> {
      const position = decodeListCursor(cursor, clock())
      const continued = position && (await lists.findAt(channelId, position))
      const offset = continued && position ? position.offset : 0
      const isFirstPage = !continued
      const list = continued ?? (await lists.find(channelId))
      if (!list) return { exposureToken: '', nextCursor: 0, items: [], source: 'newest' }
      const { minute, source, ids } = list
      const [session, pinnedIds] = await Promise.all([
        findSession(viewer, { channelId, cursor }, list, offset, isFirstPage),
        withPinned ? lists.findPinned(channelId) : [],
      ])
      const above = isFirstPage && ids.length > 0 ? await findOffered(viewer, channelId, pinnedIds) : []
      const slice = await findSlice(ids, { offset, count, excluded: new Set(pinnedIds), session, viewer, channelId })
      if (!slice && above.length === 0) return { exposureToken: '', nextCursor: 0, items: [], source }
      const pageId = BigInt(encodeListCursor({ minute, offset })) as PageId
      const page = { pageId, channelId, viewerKey: viewerKeyOf(viewer), issuedAt: clock() }
      const signer = tokenSigner.forPage({ ...page, policy: NOT_RANKED })
      const items = (slice?.ids ?? []).map((articleId, index) => ({
        articleId,
        tokens: signer.tokensFor({ articleId, position: index, source: 0, propensity: 1 }),
      }))
      const nextCursor = encodeListCursor({ minute, offset: slice?.end ?? ids.length })
      return { exposureToken: signer.exposureToken, nextCursor, pinned: signPinned(tokenSigner, page, above), items, source }
    },
  }
}
