// The article as every list shows it.

import { LRUCache } from 'lru-cache'
import { gather } from '../../base/gather.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Card } from './cards.schema.ts'
import { cardRows, type Live, liveOf } from './cards.sql.ts'
import type { Fragments, WriteId } from './fragments.ts'

export type Cards = ReturnType<typeof createCards>

export interface Needs {
  db: Db
  fragments: Fragments
  /** Makes a picture's path an address. */
  address: (path: string) => string
  localTime: (at: Date) => string
}

// Counts on a feed's cards may be this old, which lets a thousand readers of one article ask for them four times a second
// instead of a thousand. Whether it is still published is not: the fragments hear of that at once.
const LATELY_MS = 250
const LATELY_MAX = 20_000
const TOGETHER_MAX = 500 // articles asked about in one question: fifty pages

export function createCards({ db, fragments, address, localTime }: Needs) {
  const lately = new LRUCache<ArticleId, Live>({ max: LATELY_MAX, ttl: LATELY_MS })
  const live = gather<ArticleId, Live>(ids => liveOf(db, ids), TOGETHER_MAX)
  return {
    /** The cards of those articles that readers may see; the others are absent. */
    async of(ids: ArticleId[]): Promise<Map<ArticleId, Card>> {
      if (ids.length === 0) return new Map()
      const [rows, lives] = await Promise.all([cardRows(db, ids), live(ids)])
      return new Map(
        rows.map(row => [
          row.id,
          {
            art_id: row.id,
            title: row.title,
            aut_id: row.author_id,
            aut_name: row.author_name,
            pubdate: localTime(row.published_at),
            ch_id: row.channel_id,
            cover: coverOf(row.cover, address),
            is_top: 0,
            comm_count: lives.get(row.id)?.comments ?? 0,
            like_count: lives.get(row.id)?.likes ?? 0,
            collect_count: lives.get(row.id)?.collections ?? 0,
          },
        ]),
      )
    },

    /** The same as JSON, each without its closing brace, so that more can be put in. Counts are a quarter of a second old at most. */
    async written(ids: ArticleId[], writeId: WriteId): Promise<(id: ArticleId) => string | undefined> {
      // What is known is taken now: while the rest is loaded it may grow too old, or be forgotten.
      const known = new Map(ids.map(id => [id, lately.get(id)]))
      const stale = ids.filter(id => known.get(id) === undefined)
      const [fragment, loaded] = await Promise.all([fragments.of(ids, writeId), stale.length > 0 ? live(stale) : undefined])
      for (const id of stale) {
        const now = loaded?.get(id)
        if (now) lately.set(id, now)
      }
      return id => {
        const [beginning, now] = [fragment(id), known.get(id) ?? loaded?.get(id)]
        if (beginning === undefined || now === undefined) return undefined
        return `${beginning},"comm_count":${now.comments},"like_count":${now.likes},"collect_count":${now.collections}`
      }
    },
  }
}

/** Clients read `type` and as many images without looking twice. */
function coverOf(paths: string[], address: (path: string) => string): Card['cover'] {
  return { type: paths.length as 0 | 1 | 3, images: paths.map(address) }
}
