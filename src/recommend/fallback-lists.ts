// The lists of the fallback: the stored shared list (`trending`), the list this process read last (`memory`), the newest
// articles (`newest`).

import { LRUCache } from 'lru-cache'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'
import type { FeedSource } from './contract.ts'
import { findPinnedIds } from './pages/pinned.sql.ts'
import { LIST_LENGTH_MAX, type ListPosition } from './shared-lists/list-cursor.ts'
import { findLatestSharedList, findSharedList, listNewestIds, storeSharedList } from './shared-lists/shared-lists.sql.ts'

export interface FallbackList {
  minute: number
  ids: ArticleId[]
  source: FeedSource
}

/** Undefined if the work fails or takes longer than a step of the fallback may. */
export type TryWithinStep = <T>(work: Promise<T>) => Promise<T | undefined>

// The oldest list that may be shown, and for how long one from memory is used before a newer one is read.
const LIST_AGE_MAX_MS = HOUR
const LIST_FRESH_MS = 30_000
const LISTS_MAX = 25 // channels; some 26 MB if each had a list of 30,000

export function createFallbackLists({ db, clock, tryWithinStep }: { db: Db; clock: Clock; tryWithinStep: TryWithinStep }) {
  const memory = new LRUCache<ChannelId, FallbackList & { readAt: number }>({ max: LISTS_MAX })
  const pinned = new LRUCache<ChannelId, ArticleId[]>({ max: LISTS_MAX })

  /** The list of a new feed session: the first step of the ladder that has one. */
  async function find(channelId: ChannelId): Promise<FallbackList | undefined> {
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

  async function findAt(channelId: ChannelId, { minute }: ListPosition): Promise<FallbackList | undefined> {
    const known = memory.get(channelId)
    if (known?.minute === minute) return known
    const ids = await tryWithinStep(findSharedList(db, channelId, minute))
    return ids && { minute, ids, source: 'trending' }
  }

  /** What the channel shows above a first page; if that cannot be read in time, what it was when it was last read. */
  async function findPinned(channelId: ChannelId): Promise<ArticleId[]> {
    const reading = findPinnedIds(db, channelId).then(ids => {
      pinned.set(channelId, ids)
      return ids
    })
    return (await tryWithinStep(reading)) ?? pinned.get(channelId) ?? []
  }

  return { find, findAt, findPinned }
}
