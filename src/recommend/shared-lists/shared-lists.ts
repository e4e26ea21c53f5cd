// The feed of anonymous viewers: one list per channel and minute, the same in every process. A page is a slice of the list and
// its cursor says which, so nothing is stored per viewer. A first page also tries an article that came after the list.

import { LRUCache } from 'lru-cache'
import { type Clock, MINUTE } from '../../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RecommendRequest, RecommendResponse } from '../contract.ts'
import { signPinned } from '../pages/pinned.ts'
import { type Policy, policyNumber, RANKERS } from '../policy/policy.ts'
import type { RankedArticle, RankingRequest } from '../ranking-query.ts'
import { EXPLORE_POSITION, PAGE_LENGTH_MIN, sampleCandidate } from '../select/exploration.ts'
import { SOURCE_NAMES } from '../sources/source-names.ts'
import { hardlyShown } from '../sources/sources.ts'
import type { TokenSigner } from '../tracking-tokens.ts'
import { decodeListCursor, encodeListCursor, LIST_LENGTH_MAX, type ListPosition } from './list-cursor.ts'
import { findSharedList, storeSharedList } from './shared-lists.sql.ts'

export interface SharedListNeeds {
  db: Db
  clock: Clock
  catalogue: Catalogue
  tokenSigner: TokenSigner
  /** From 0 to below 1. */
  random: () => number
  rank: (request: RankingRequest) => Promise<RankedArticle[]>
  /** That of all anonymous viewers. */
  policy: () => Policy
}

// The first ten pages are ranked; what follows is in order of age.
const [RANKED_MAX, PAGE] = [100, 10]
// Some 30 MB if every list had 30,000 articles; an evicted one is read from its row again.
const LISTS_MAX = 30
// All anonymous viewers ask for the same slices. For a second a slice may hold an article that was just withdrawn.
const RESPONSE_TTL_MS = 1_000
const RESPONSES_MAX = 2_000 // some 8 MB
// New articles that are looked at and drawn from: after a large import, every second other ones of the newest.
const [NEWCOMERS_READ, NEWCOMERS_MAX] = [1_000, 50]

export function createSharedLists({ db, clock, catalogue, tokenSigner, random, rank, policy }: SharedListNeeds) {
  const lists = new LRUCache<string, ArticleId[]>({ max: LISTS_MAX })
  // Not in the LRU: more lists may be loading than it holds.
  const loading = new Map<string, Promise<ArticleId[] | undefined>>()
  const responses = new LRUCache<string, RecommendResponse>({ max: RESPONSES_MAX, ttl: RESPONSE_TTL_MS })
  // What a list has, so that an article that came later is told from one further down, and how often those were tried. Made when
  // first asked for.
  const known = new WeakMap<ArticleId[], { ids: Set<ArticleId>; tries: Map<ArticleId, number> }>()
  const currentMinute = () => Math.floor(clock() / MINUTE)

  /** Articles that came after the list of the minute before and had no turn. */
  function untriedBefore(channelId: ChannelId, minute: number): ArticleId[] {
    const before = lists.get(`${channelId} ${minute - 1}`)
    const ofList = before && known.get(before)
    if (!ofList) return []
    const newcomers = hardlyShown(catalogue, { channelId, now: clock() }, policy()).take(NEWCOMERS_READ)
    return Array.from(newcomers, ({ id }) => id).filter(id => !ofList.ids.has(id) && !ofList.tries.has(id))
  }

  async function rankList(channelId: ChannelId, minute: number): Promise<ArticleId[]> {
    const now = clock()
    const ranked = (await rank({ viewerKey: undefined, channelId, now, count: RANKED_MAX, policy: policy() })).map(article => article.id)
    // The fifth place of each page, as long as there are any.
    const untried = untriedBefore(channelId, minute).filter(id => !ranked.slice(0, EXPLORE_POSITION).includes(id))
    for (const [page, id] of untried.slice(0, RANKED_MAX / PAGE).entries()) ranked.splice(page * PAGE + EXPLORE_POSITION, 0, id)
    const ids = new Set(ranked)
    for (const facts of catalogue.newest(channelId)) if (ids.size < LIST_LENGTH_MAX) ids.add(facts.id)
    return [...ids]
  }

  async function loadOrRankList(channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
    const stored = await findSharedList(db, channelId, minute)
    if (stored || minute !== currentMinute()) return stored
    // No row for a channel without articles, or for one that does not exist.
    const ranked = await rankList(channelId, minute)
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

  /**
   * An article with few impressions that came after the list was ranked; each has its turn before one has another. From the next
   * minute on it has its place in the list.
   */
  function sampleNewcomer(channelId: ChannelId, list: ArticleId[], pinnedIds: readonly ArticleId[]) {
    let ofList = known.get(list)
    if (!ofList) known.set(list, (ofList = { ids: new Set(list), tries: new Map() }))
    const { ids, tries } = ofList
    const triesOf = ({ id }: { id: ArticleId }) => tries.get(id) ?? 0
    const newcomers = [...hardlyShown(catalogue, { channelId, now: clock() }, policy()).take(NEWCOMERS_READ)].filter(
      ({ id }) => !ids.has(id) && !pinnedIds.includes(id),
    )
    const least = newcomers.reduce((min, each) => Math.min(min, triesOf(each)), Number.POSITIVE_INFINITY)
    const open = newcomers.filter(each => triesOf(each) === least).slice(0, NEWCOMERS_MAX)
    const sample = sampleCandidate(
      open.map(facts => {
        const { shown, clicks } = catalogue.impressionStatsOf(facts)
        return { articleId: facts.id, shown, clicks }
      }),
      random(),
    )
    if (sample) tries.set(sample.chosen.articleId, least + 1)
    return sample
  }

  // Nothing says what was pinned when the session began: what is pinned now is left out.
  const pinnedFor = ({ channelId, withPinned = false }: RecommendRequest) => (withPinned ? catalogue.pinned(channelId) : [])

  const responseKey = (
    { channelId, count }: RecommendRequest,
    { minute, offset }: ListPosition,
    isFirstPage: boolean,
    pinnedIds: readonly ArticleId[],
  ) => `${channelId} ${minute} ${offset} ${count} ${isFirstPage} ${pinnedIds.join()}`

  return {
    recall(request: RecommendRequest): RecommendResponse | undefined {
      const now = clock()
      const position = decodeListCursor(request.cursor, now)
      const first = { minute: Math.floor(now / MINUTE), offset: 0 }
      return responses.get(responseKey(request, position ?? first, !position, pinnedFor(request)))
    },

    async recommend(request: RecommendRequest): Promise<RecommendResponse> {
      const { channelId, count, cursor } = request
      const { minute, offset, list, isFirstPage } = await resolveListCursor(channelId, cursor)
      const pinnedIds = pinnedFor(request)
      const key = responseKey(request, { minute, offset }, isFirstPage, pinnedIds)
      const recent = responses.get(key)
      if (recent) return recent
      // Continuations never try one: the cursor could not say which, and it might come again.
      const { share } = policy().exploration
      const isExplored = isFirstPage && count >= PAGE_LENGTH_MIN && share > 0 && (share === 1 || random() < share)
      const newcomer = isExplored ? sampleNewcomer(channelId, list, pinnedIds) : undefined
      const shown: { articleId: ArticleId; position: number; source: number; propensity: number }[] = []
      let end = offset
      for (; end < list.length && shown.length < count - Number(newcomer !== undefined); end++) {
        const articleId = list[end] as ArticleId
        if (catalogue.get(articleId) && !pinnedIds.includes(articleId))
          shown.push({ articleId, position: end - offset, source: 0, propensity: 1 })
      }
      if (newcomer && shown.length >= EXPLORE_POSITION) {
        for (const item of shown.slice(EXPLORE_POSITION)) item.position++
        shown.splice(EXPLORE_POSITION, 0, {
          articleId: newcomer.chosen.articleId,
          position: EXPLORE_POSITION,
          source: SOURCE_NAMES.indexOf('explore'),
          propensity: share * newcomer.propensity,
        })
      }
      const pinnedAbove = isFirstPage && list.length > 0 ? pinnedIds : []
      if (shown.length === 0 && pinnedAbove.length === 0) return { exposureToken: '', nextCursor: 0, items: [] }
      // The slice's cursor is the page id, so every process signs the same tokens.
      const pageId = BigInt(encodeListCursor({ minute, offset })) as PageId
      const page = { pageId, channelId, viewerKey: undefined, issuedAt: minute * MINUTE }
      const signer = tokenSigner.forPage({ ...page, policy: policyNumber(policy().version, RANKERS.fiveFactors) })
      const response: RecommendResponse = {
        exposureToken: signer.exposureToken,
        nextCursor: encodeListCursor({ minute, offset: end }),
        pinned: signPinned(tokenSigner, page, pinnedAbove),
        items: shown.map(item => ({ articleId: item.articleId, tokens: signer.tokensFor(item) })),
      }
      responses.set(key, response)
      return response
    },
  }
}
