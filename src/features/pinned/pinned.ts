// The articles editors put before all others of a channel. The feed shows the first of them above a page that begins a
// scroll; which they are is kept in memory and asked for again when the change log says that it may have changed.

import type { Change } from '../../base/change.ts'
import type { Clock } from '../../base/clock.ts'
import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
import { conflict, notFound } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { PINNED_PER_CHANNEL_MAX } from '../../recommend/contract.ts'
import { channelIs, everyPin, type Pin, pin, publishedIs, unpin, unwanted } from './pinned.sql.ts'

export type PinnedArticles = ReturnType<typeof createPinnedArticles>

/** How many stand above a page: with more of them a phone's first screen would hold nothing else. */
export const PINNED_SHOWN_MAX = 3

/** What stands above a channel's pages, the first first, and what would if one of these went: both the same lists until they change. */
export interface Pinned {
  shown: readonly ArticleId[]
  others: readonly ArticleId[]
}

const NONE: Pinned = { shown: [], others: [] }

interface Known {
  pins: Pin[]
  pinned: Map<ChannelId, Pinned>
  /** When the next pinned article is due; its channel's list is another from then on. */
  until: number
}

export interface PinnedNeeds {
  db: Db
  clock: Clock
  /** For what is read now: whether it still may be shown. */
  startStalenessCheck?: () => () => boolean
}

export function createPinnedArticles({ db, clock, startStalenessCheck: vouch = () => () => true }: PinnedNeeds) {
  let known: { loading: Promise<Known>; vouched: () => boolean } | undefined

  async function load(): Promise<Known> {
    const pins = await everyPin(db)
    const now = clock()
    const due = pins.filter(one => one.published && one.publishedAt <= now)
    const pinned = new Map<ChannelId, Pinned>()
    for (const [channelId, ofChannel] of Map.groupBy(due, one => one.channelId)) {
      const ids = ofChannel.map(one => one.articleId)
      pinned.set(channelId, { shown: ids.slice(0, PINNED_SHOWN_MAX), others: ids.slice(PINNED_SHOWN_MAX) })
    }
    const later = pins.filter(one => one.published && one.publishedAt > now).map(one => one.publishedAt)
    return { pins, pinned, until: Math.min(...later) }
  }

  function every(): Promise<Known> {
    if (!known?.vouched()) known = { vouched: vouch(), loading: load() }
    const { loading } = known
    // Whoever waits hears of the failure; whoever comes next tries again.
    loading.catch(() => forget(loading))
    return loading
  }

  function forget(what: Promise<Known>): void {
    if (known?.loading === what) known = undefined
  }

  return {
    /** What is pinned above a channel now. */
    async above(channelId: ChannelId): Promise<Pinned> {
      const loading = every()
      const { pinned, until } = await loading
      if (clock() < until) return pinned.get(channelId) ?? NONE
      forget(loading)
      return (await every()).pinned.get(channelId) ?? NONE
    },

    /** Of these, what this reader has turned down. */
    unwantedBy: (readerId: ReaderId, ids: readonly ArticleId[]) => unwanted(db, readerId, [...ids]),

    changed(changes: readonly Change[]): void {
      const loading = known?.loading
      if (!loading) return
      if (changes.some(change => change.topic === 'top')) return forget(loading)
      const articles = new Set(changes.filter(change => change.topic === 'article').map(change => change.key as ArticleId))
      if (articles.size === 0) return
      // What is being loaded may have been read before the change.
      void loading.then(
        ({ pins }) => pins.some(one => articles.has(one.articleId)) && forget(loading),
        () => {},
      )
    },

    forgetAll(): void {
      known = undefined
    },

    /** Every pinned article, of all channels. */
    list: () => everyPin(db),

    async add(channelId: ChannelId, articleId: ArticleId): Promise<void> {
      if (channelId !== RECOMMENDED_CHANNEL && !(await channelIs(db, channelId))) throw notFound(`there is no channel ${channelId}`)
      if (await pin(db, channelId, articleId, PINNED_PER_CHANNEL_MAX)) return
      if (!(await publishedIs(db, articleId))) throw notFound(`there is no published article ${articleId}`)
      throw conflict(`channel ${channelId} has ${PINNED_PER_CHANNEL_MAX} pinned articles: unpin one first`)
    },

    async remove(channelId: ChannelId, articleId: ArticleId): Promise<void> {
      if (!(await unpin(db, channelId, articleId))) throw notFound(`article ${articleId} is not pinned in channel ${channelId}`)
    },
  }
}
