// What those see whom we cannot recognise: one list per channel and minute, the same for all of them, in every process.
// The whole list is settled when the minute is first asked for, so that a page is a slice of it and a timestamp says
// which slice: nothing has to be remembered of anybody.

import { LRUCache } from 'lru-cache'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import type { ArticleId, ChannelId, PageId } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue.ts'
import type { Answer, Ask } from './contract.ts'
import type { Article, Asked } from './for-you.ts'
import { keepSharedList, sharedList } from './pages.sql.ts'
import type { Traces } from './traces.ts'

export interface SharedNeeds {
  db: Db
  clock: Clock
  catalogue: Catalogue
  traces: Traces
  rank: (asked: Asked) => Promise<Article[]>
  policy: number
}

/** Lists older than this are gone; whoever still scrolls in one starts anew. */
export const LIST_LIFE_MS = 2 * HOUR

// A number is minute * 10^6 + (10^6 - 1 - offset): fourteen digits, where a clock in milliseconds has thirteen, and
// going down along the list as numbers of other feeds do.
const PLACES = 1_000_000
// The head is chosen with care; nobody reads further than a hundred pages for want of a better order.
const RANKED = 100
// 24 MB at most if every list had 30,000 articles: two hours of one channel, or two minutes of sixty.
const LISTS_MAX = 120

export function createSharedLists({ db, clock, catalogue, traces, rank, policy }: SharedNeeds) {
  const lists = new LRUCache<string, ArticleId[], { channelId: ChannelId; minute: number }>({
    max: LISTS_MAX,
    fetchMethod: async (_key, _stale, { context: { channelId, minute } }) => {
      const known = await sharedList(db, channelId, minute)
      if (known || minute !== minuteNow()) return known
      return keepSharedList(db, channelId, minute, await makeList(channelId))
    },
  })
  const minuteNow = () => Math.floor(clock() / MINUTE)

  async function makeList(channelId: ChannelId): Promise<ArticleId[]> {
    const now = clock()
    const head = (await rank({ channelId, now, count: RANKED, excluded: new Set() })).map(article => article.id)
    const ids = new Set(head)
    for (const facts of catalogue.newest(channelId)) if (facts.publishedAt <= now && ids.size < PLACES) ids.add(facts.id)
    return [...ids]
  }

  /** Which slice a timestamp asks for; the beginning of this minute's list when we never gave it out. */
  async function place(channelId: ChannelId, stamp: number): Promise<{ minute: number; offset: number; list: ArticleId[] }> {
    const minute = Math.floor(stamp / PLACES)
    const latest = minuteNow()
    if (minute <= latest && minute > latest - LIST_LIFE_MS / MINUTE) {
      const list = await lists.fetch(`${channelId} ${minute}`, { context: { channelId, minute } })
      if (list) return { minute, offset: PLACES - 1 - (stamp % PLACES), list }
    }
    const list = await lists.fetch(`${channelId} ${latest}`, { context: { channelId, minute: latest } })
    return { minute: latest, offset: 0, list: list ?? [] }
  }

  return {
    async recommend({ channelId, count, stamp }: Ask): Promise<Answer> {
      const { minute, offset, list } = await place(channelId, stamp)
      const shown: { articleId: ArticleId; position: number }[] = []
      let next = offset
      for (; next < list.length && shown.length < count; next++) {
        const articleId = list[next] as ArticleId
        if (catalogue.get(articleId)) shown.push({ articleId, position: next - offset })
      }
      if (shown.length === 0) return { exposure: '', stamp: 0, items: [] }
      // The place in the list is the page's name: the same slice has the same traces, whoever makes them.
      const pageId = BigInt(minute * PLACES + offset) as PageId
      const sign = traces.page({ pageId, channelId, policy, viewer: undefined, issuedAt: minute * MINUTE })
      return {
        exposure: sign.exposure,
        stamp: minute * PLACES + (PLACES - 1 - next),
        items: shown.map(({ articleId, position }) => ({
          articleId,
          track: sign.track({ articleId, position, source: 0, propensity: 1 }),
        })),
      }
    },
  }
}
