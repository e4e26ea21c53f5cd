// The articles that editors pin above a channel. The feed shows the first three above the first page of a session. They are kept in
// memory until the change log says that they may have changed.

import type { Change } from '../../base/change.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { readerKey } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { findOfferedIds } from '../../engines/database/visible.sql.ts'
import { listPins, type Pin } from './pinned.sql.ts'

export type PinnedArticles = ReturnType<typeof createPinnedArticles>

/** More would fill the first screen of a phone. */
export const PINNED_SHOWN_MAX = 3

/** A channel's pinned articles in their order. The arrays are the same objects until the pins change. */
export interface ChannelPins {
  shownIds: readonly ArticleId[]
  /** Shown when one of the first is withdrawn. */
  otherIds: readonly ArticleId[]
}

const NONE: ChannelPins = { shownIds: [], otherIds: [] }

interface LoadedPins {
  pins: Pin[]
  byChannel: Map<ChannelId, ChannelPins>
}

export interface PinnedNeeds {
  db: Db
  /** Returns a function that says whether what is read now is still current. */
  startStalenessCheck?: () => () => boolean
}

export function createPinnedArticles({ db, startStalenessCheck = () => () => true }: PinnedNeeds) {
  let cached: { loading: Promise<LoadedPins>; isCurrent: () => boolean } | undefined

  async function load(): Promise<LoadedPins> {
    const pins = await listPins(db)
    const byChannel = new Map<ChannelId, ChannelPins>()
    const published = pins.filter(pin => pin.published)
    for (const [channelId, ofChannel] of Map.groupBy(published, pin => pin.channelId)) {
      const ids = ofChannel.map(pin => pin.articleId)
      byChannel.set(channelId, { shownIds: ids.slice(0, PINNED_SHOWN_MAX), otherIds: ids.slice(PINNED_SHOWN_MAX) })
    }
    return { pins, byChannel }
  }

  function getPins(): Promise<LoadedPins> {
    if (!cached?.isCurrent()) cached = { isCurrent: startStalenessCheck(), loading: load() }
    const { loading } = cached
    // A failure reaches all who wait for this load; the next caller loads again.
    loading.catch(() => evict(loading))
    return loading
  }

  function evict(loading: Promise<LoadedPins>): void {
    if (cached?.loading === loading) cached = undefined
  }

  return {
    async ofChannel(channelId: ChannelId): Promise<ChannelPins> {
      return (await getPins()).byChannel.get(channelId) ?? NONE
    },

    /** Those of a channel's pinned articles that the reader may be offered. */
    visibleTo: (readerId: ReaderId, channelId: ChannelId, ids: readonly ArticleId[]) =>
      findOfferedIds(db, ids, readerKey(readerId), channelId),

    applyChanges(changes: readonly Change[]): void {
      const loading = cached?.loading
      if (!loading) return
      if (changes.some(change => change.topic === 'top')) return evict(loading)
      const articleIds = new Set(changes.filter(change => change.topic === 'article').map(change => change.key as ArticleId))
      if (articleIds.size === 0) return
      // A load that is under way may have read the rows before the change.
      void loading.then(
        ({ pins }) => pins.some(pin => articleIds.has(pin.articleId)) && evict(loading),
        () => {},
      )
    },

    clear(): void {
      cached = undefined
    },
  }
}
