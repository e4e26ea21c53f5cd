// The article as every list shows it.

import type { ArticleId } from '../../base/id.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { CardJson, WriteId } from './card-json.ts'
import type { LoadCards } from './card-rows.ts'
import type { Card } from './cards.schema.ts'
import { CARD_KINDS, createRecentCounts } from './recent-counts.ts'

export type Cards = ReturnType<typeof createCards>

export interface Needs {
  loadCards: LoadCards
  counters: Counters
  cardJson: CardJson
  /** Makes a picture's path an address. */
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
}

export function createCards({ loadCards, counters, cardJson, absoluteUrl, localTime }: Needs) {
  const recent = createRecentCounts(counters)

  return {
    /** Grows whenever a card may no longer be what it was. */
    version: () => cardJson.changes(),

    /** The cards of those articles that readers may see; the others are absent. A viewer sees what they have just done. */
    async of(ids: ArticleId[], viewer?: Viewer): Promise<Map<ArticleId, Card>> {
      if (ids.length === 0) return new Map()
      const [known, count] = await Promise.all([loadCards(ids), counters.read(CARD_KINDS, ids, viewer)])
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
            cover: coverOf(row.cover, absoluteUrl),
            is_top: row.is_top,
            comm_count: count(row.id, 'article.comments'),
            like_count: count(row.id, 'article.likes'),
            collect_count: count(row.id, 'article.collections'),
          },
        ]),
      )
    },

    /** The same as JSON in two parts, without the closing brace, so that more can be put in; counts as they were a moment ago. */
    async jsonOf(ids: ArticleId[], writeId: WriteId): Promise<(id: ArticleId) => [Buffer, Buffer] | undefined> {
      const [fragment, counts] = await Promise.all([cardJson.of(ids, writeId), recent(ids)])
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
