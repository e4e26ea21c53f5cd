// The feed of anonymous viewers: one list per channel and minute, the same in every process. A page is a slice of the list and
// its cursor says which, so nothing is stored per viewer.

import { LRUCache } from 'lru-cache'
import { type Clock, MINUTE } from '../../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RecommendRequest, RecommendResponse } from '../contract.ts'
import { POLICY } from '../policy.ts'
import type { RankedArticle, RankingRequest } from '../ranking-query.ts'
import type { TokenSigner } from '../tracking-tokens.ts'
import { decodeListCursor, encodeListCursor, LIST_LENGTH_MAX, type ListPosition } from './list-cursor.ts'
import { findSharedList, storeSharedList } from './shared-lists.sql.ts'

export interface SharedListNeeds {
  db: Db
  clock: Clock
  catalogue: Catalogue
  tokenSigner: TokenSigner
  rank: (request: RankingRequest) => Promise<RankedArticle[]>
}

// The first ten pages are ranked; what follows is in order of age.
const RANKED_MAX = 100
// Some 30 MB if every list had 30,000 articles; an evicted one is read from its row again.
const LISTS_MAX = 30
// All anonymous viewers ask for the same slices. For a second a slice may hold an article that was just withdrawn.
const RESPONSE_TTL_MS = 1_000
const RESPONSES_MAX = 2_000 // some 8 MB

export function createSharedLists({ db, clock, catalogue, tokenSigner, rank }: SharedListNeeds) {
  const lists = new LRUCache<string, ArticleId[]>({ max: LISTS_MAX })
  // Not in the LRU: more lists may be loading than it holds.
  const loading = new Map<string, Promise<ArticleId[] | undefined>>()
  const responses = new LRUCache<string, RecommendResponse>({ max: RESPONSES_MAX, ttl: RESPONSE_TTL_MS })
  const currentMinute = () => Math.floor(clock() / MINUTE)

  async function rankList(channelId: ChannelId): Promise<ArticleId[]> {
    const now = clock()
    const ranked = (await rank({ viewerKey: undefined, channelId, now, count: RANKED_MAX })).map(article => article.id)
    const ids = new Set(ranked)
    for (const facts of catalogue.newest(channelId)) if (ids.size < LIST_LENGTH_MAX) ids.add(facts.id)
    return [...ids]
  }

  async function loadOrRankList(channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
    const stored = await findSharedList(db, channelId, minute)
    if (stored || minute !== currentMinute()) return stored
    // No row for a channel without articles, or for one that does not exist.
    const ranked = await rankList(channelId)
    return ranked.length > 0 ? storeSharedList(db, channelId, minute, ranked) : undefined
  }

  async function findList(channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
    const key = `${channelId} ${minute}`
    const known = lists.get(key) ?? loading.get(key)
    if (known) return known
    const flight = loadOrRankList(channelId, minute).finally(() => loading.delete(key))
    loading.set(key, flight)
    const list = await flight
    if (list) lists.set(key, list)
    return list
  }

  /** The position a cursor means; the start of the current list for a number that is no cursor of a stored list. */
  async function resolveListCursor(
    channelId: ChannelId,
    cursor: number,
  ): Promise<ListPosition & { list: ArticleId[]; isFirstPage: boolean }> {
    const position = decodeListCursor(cursor, clock())
    if (position) {
      const list = await findList(channelId, position.minute)
      if (list) return { ...position, list, isFirstPage: false }
    }
    const minute = currentMinute()
    const list = await findList(channelId, minute)
    return { minute, offset: 0, list: list ?? [], isFirstPage: true }
  }

  return {
    async recommend({ channelId, count, cursor, excludeIds = [] }: RecommendRequest): Promise<RecommendResponse> {
      const { minute, offset, list, isFirstPage } = await resolveListCursor(channelId, cursor)
      const key = `${channelId} ${minute} ${offset} ${count} ${isFirstPage} ${excludeIds.join()}`
      const recent = responses.get(key)
      if (recent) return recent
      const shown: { articleId: ArticleId; position: number }[] = []
      let end = offset
      for (; end < list.length && shown.length < count; end++) {
        const articleId = list[end] as ArticleId
        if (catalogue.get(articleId) && !excludeIds.includes(articleId)) shown.push({ articleId, position: end - offset })
      }
      if (shown.length === 0) return { exposureToken: '', nextCursor: 0, isFirstPage, items: [] }
      // The slice's cursor is the page id, so every process signs the same tokens.
      const pageId = BigInt(encodeListCursor({ minute, offset })) as PageId
      const signer = tokenSigner.forPage({ pageId, channelId, policy: POLICY, viewerKey: undefined, issuedAt: minute * MINUTE })
      const response: RecommendResponse = {
        exposureToken: signer.exposureToken,
        nextCursor: encodeListCursor({ minute, offset: end }),
        isFirstPage,
        items: shown.map(({ articleId, position }) => ({
          articleId,
          tokens: signer.tokensFor({ articleId, position, source: 0, propensity: 1 }),
        })),
      }
      responses.set(key, response)
      return response
    },
  }
}
