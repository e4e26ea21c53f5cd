// What those see whom we cannot recognise: one list per channel and minute, the same for all of them, in every process.
// The whole list is settled when the minute is first asked for, so that a page is a slice of it and a timestamp says
// which slice: nothing has to be remembered of anybody.

import { LRUCache } from 'lru-cache'
import { type Clock, MINUTE } from '../../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { RecommendRequest, RecommendResponse } from '../contract.ts'
import type { RankedArticle, RankingRequest } from '../feeds/for-you.ts'
import type { TokenSigner } from '../tracking-tokens.ts'
import { type ListPlace, PLACES, placeOf, stampOf } from './list-cursor.ts'
import { keepSharedList, sharedList } from './shared-lists.sql.ts'

export interface SharedNeeds {
  db: Db
  clock: Clock
  catalogue: Catalogue
  traces: TokenSigner
  rank: (asked: RankingRequest) => Promise<RankedArticle[]>
  policy: number
}

// The head is chosen with care; nobody reads further than a hundred pages for want of a better order.
const RANKED = 100
// Some 30 MB if every list had 30,000 articles; one that is pushed out is read from its row again.
const LISTS_MAX = 30
// Everybody asks for the same slices; for a second nobody looks whether an article of one was withdrawn.
const ANSWER_MS = 1_000
const ANSWERS_MAX = 2_000 // some 8 MB

export function createSharedLists({ db, clock, catalogue, traces, rank, policy }: SharedNeeds) {
  const lists = new LRUCache<string, ArticleId[]>({ max: LISTS_MAX })
  // Those that are being read or made: more of them than are kept, when many channels and minutes are asked for at once.
  const underWay = new Map<string, Promise<ArticleId[] | undefined>>()
  const answers = new LRUCache<string, RecommendResponse>({ max: ANSWERS_MAX, ttl: ANSWER_MS })
  const minuteNow = () => Math.floor(clock() / MINUTE)

  async function makeList(channelId: ChannelId): Promise<ArticleId[]> {
    const now = clock()
    const head = (await rank({ viewer: undefined, channelId, now, count: RANKED })).map(article => article.id)
    const ids = new Set(head)
    for (const facts of catalogue.newest(channelId)) if (facts.publishedAt <= now && ids.size < PLACES) ids.add(facts.id)
    return [...ids]
  }

  async function listFor(channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
    const known = await sharedList(db, channelId, minute)
    if (known || minute !== minuteNow()) return known
    // A channel without articles, or one that does not exist, leaves nothing behind.
    const made = await makeList(channelId)
    return made.length > 0 ? keepSharedList(db, channelId, minute, made) : undefined
  }

  async function listOf(channelId: ChannelId, minute: number): Promise<ArticleId[] | undefined> {
    const key = `${channelId} ${minute}`
    const going = lists.get(key) ?? underWay.get(key)
    if (going) return going
    const flight = listFor(channelId, minute).finally(() => underWay.delete(key))
    underWay.set(key, flight)
    const list = await flight
    if (list) lists.set(key, list)
    return list
  }

  /** Which slice a timestamp asks for; the beginning of this minute's list when we never gave it out. */
  async function sliceFor(channelId: ChannelId, stamp: number): Promise<ListPlace & { list: ArticleId[]; begins: boolean }> {
    const place = placeOf(stamp, clock())
    if (place) {
      const list = await listOf(channelId, place.minute)
      if (list) return { ...place, list, begins: false }
    }
    const minute = minuteNow()
    const list = await listOf(channelId, minute)
    return { minute, offset: 0, list: list ?? [], begins: true }
  }

  return {
    async recommend({ channelId, count, cursor: stamp, excludeIds: besides = [] }: RecommendRequest): Promise<RecommendResponse> {
      const { minute, offset, list, begins } = await sliceFor(channelId, stamp)
      const key = `${channelId} ${minute} ${offset} ${count} ${begins} ${besides.join()}`
      const lately = answers.get(key)
      if (lately) return lately
      const shown: { articleId: ArticleId; position: number }[] = []
      let next = offset
      for (; next < list.length && shown.length < count; next++) {
        const articleId = list[next] as ArticleId
        if (catalogue.get(articleId) && !besides.includes(articleId)) shown.push({ articleId, position: next - offset })
      }
      if (shown.length === 0) return { exposureToken: '', nextCursor: 0, isFirstPage: begins, items: [] }
      // The place in the list is the page's name: the same slice has the same traces, whoever makes them.
      const pageId = BigInt(stampOf({ minute, offset })) as PageId
      const sign = traces.forPage({ pageId, channelId, policy, viewer: undefined, issuedAt: minute * MINUTE })
      const answer: RecommendResponse = {
        exposureToken: sign.exposure,
        nextCursor: stampOf({ minute, offset: next }),
        isFirstPage: begins,
        items: shown.map(({ articleId, position }) => ({
          articleId,
          track: sign.track({ articleId, position, source: 0, propensity: 1 }),
        })),
      }
      answers.set(key, answer)
      return answer
    },
  }
}
