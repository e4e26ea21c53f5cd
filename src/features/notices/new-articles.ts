// Tells open pages how many articles have been published meanwhile, so that they can offer to show them. A hint: it may be lost.

import { LRUCache } from 'lru-cache'
import type { Change } from '../../base/change.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { listNewlyPublished } from './new-articles.sql.ts'

export interface NewArticlesNeeds {
  db: Db
  sockets: { readers(): unknown[]; pushToAll(event: string, payload: object): void }
}

/** An import changes many at once. Beyond this number a page is as well served by the next hint. */
const CHANGED_MAX = 1_000
const COUNTED_MAX = 10_000

export function createNewArticles({ db, sockets }: NewArticlesNeeds) {
  const changed = new Set<ArticleId>()
  /** Each article counts once: it changes again when it is edited. */
  const counted = new LRUCache<ArticleId, true>(entriesMax(COUNTED_MAX))
  return {
    applyChanges(changes: readonly Change[]): void {
      for (const { topic, key } of changes)
        if (topic === 'article' && changed.size < CHANGED_MAX && !counted.has(key as ArticleId)) changed.add(key as ArticleId)
    },

    /** Pushes the number of new articles in each channel; channel 0 has all of them. */
    async push(): Promise<void> {
      const ids = [...changed]
      changed.clear()
      if (ids.length === 0 || sockets.readers().length === 0) return
      const channels: Record<string, number> = {}
      for (const { id, channel_id } of await listNewlyPublished(db, ids)) {
        counted.set(id, true)
        for (const channel of [0, channel_id]) channels[channel] = (channels[channel] ?? 0) + 1
      }
      if (channels[0]) sockets.pushToAll('new articles', { channels })
    },
  }
}
