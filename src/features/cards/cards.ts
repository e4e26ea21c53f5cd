// The article as every list shows it.

import { LRUCache } from 'lru-cache'
import { convoy } from '../../base/convoy.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Card } from './cards.schema.ts'
import type { Fragments, WriteId } from './fragments.ts'
import type { CardRowsOf } from './rows.ts'

export type Cards = ReturnType<typeof createCards>

export interface Needs {
  rows: CardRowsOf
  counters: Counters
  fragments: Fragments
  /** Makes a picture's path an address. */
  address: (path: string) => string
  localTime: (at: Date) => string
}

const KINDS = ['article.comments', 'article.likes', 'article.collections'] as const
// Counts on a feed's cards may be half a second old: this when they are written in, and as much again while the page is
// kept (feed.ts). It lets a thousand readers of one article ask for them four times a second instead of a thousand.
const LATELY_MS = 250
const LATELY_MAX = 20_000
// Pages whose counts are asked for in one question. A fuller one is answered no faster than two.
const TOGETHER = { atOnce: 2, most: 50 }

export function createCards({ rows, counters, fragments, address, localTime }: Needs) {
  const lately = new LRUCache<ArticleId, Buffer>({ max: LATELY_MAX, ttl: LATELY_MS })
  type Counts = Awaited<ReturnType<typeof counters.read<(typeof KINDS)[number]>>>
  const live = convoy<ArticleId[], Counts>(async lists => {
    const every = await counters.read(KINDS, [...new Set(lists.flat())])
    return lists.map(() => every)
  }, TOGETHER)

  return {
    /** Grows whenever a card may no longer be what it was. */
    changes: () => fragments.changes(),

    /** The cards of those articles that readers may see; the others are absent. A viewer sees what they have just done. */
    async of(ids: ArticleId[], viewer?: Viewer): Promise<Map<ArticleId, Card>> {
      if (ids.length === 0) return new Map()
      const [known, count] = await Promise.all([rows(ids), counters.read(KINDS, ids, viewer)])
      return new Map(
        known.map(row => [
          row.id,
          {
            art_id: row.id,
            title: row.title,
            aut_id: row.author_id,
            aut_name: row.authorName,
            pubdate: localTime(row.published_at),
            ch_id: row.channel_id,
            cover: coverOf(row.cover, address),
            is_top: row.is_top,
            comm_count: count(row.id, 'article.comments'),
            like_count: count(row.id, 'article.likes'),
            collect_count: count(row.id, 'article.collections'),
          },
        ]),
      )
    },

    /** The same as JSON in two parts, without the closing brace, so that more can be put in; counts as they were a moment ago. */
    async written(ids: ArticleId[], writeId: WriteId): Promise<(id: ArticleId) => [Buffer, Buffer] | undefined> {
      // What is known is taken now: while the rest is loaded it may grow too old, or be forgotten.
      const counts = new Map(ids.map(id => [id, lately.get(id)]))
      const stale = ids.filter(id => counts.get(id) === undefined)
      const [fragment, count] = await Promise.all([fragments.of(ids, writeId), stale.length > 0 ? live(stale) : undefined])
      for (const id of count ? stale : []) {
        const [comments, likes, collections] = KINDS.map(kind => count?.(id, kind))
        const text = Buffer.from(`,"comm_count":${comments},"like_count":${likes},"collect_count":${collections}`)
        lately.set(id, text)
        counts.set(id, text)
      }
      return id => {
        const [beginning, now] = [fragment(id), counts.get(id)]
        return beginning && now && [beginning, now]
      }
    },
  }
}

/** Clients read `type` and as many images without looking twice. */
function coverOf(paths: string[], address: (path: string) => string): Card['cover'] {
  return { type: paths.length as 0 | 1 | 3, images: paths.map(address) }
}
