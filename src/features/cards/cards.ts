// Cards: articles as every list shows them.

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
  /** Turns the path of a picture into a URL; URLs stay as they are. */
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
}

export function createCards({ loadCards, counters, cardJson, absoluteUrl, localTime }: Needs) {
  const recentCountsOf = createRecentCounts(counters)

  return {
    /** Grows whenever the JSON of a card may have changed. */
    version: () => cardJson.version(),

    /** The cards of published articles by id. Counts include what `viewer` has just done. */
    async of(ids: ArticleId[], viewer?: Viewer): Promise<Map<ArticleId, Card>> {
      if (ids.length === 0) return new Map()
      const [sources, count] = await Promise.all([loadCards(ids), counters.read(CARD_KINDS, ids, viewer)])
      return new Map(
        sources.map(row => [
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

    /** The first line of each article with a long text. */
    async deksOf(ids: ArticleId[]): Promise<Map<ArticleId, string>> {
      return new Map((await loadCards(ids)).flatMap(({ id, dek }) => (dek === '' ? [] : [[id, dek] as const])))
    },

    /** Cards as JSON in two parts, static fields and counts, without the closing brace, so that a caller can append fields. */
    async jsonOf(ids: ArticleId[], writeId: WriteId): Promise<(id: ArticleId) => [Buffer, Buffer] | undefined> {
      const [staticJsonOf, countsJsonOf] = await Promise.all([cardJson.of(ids, writeId), recentCountsOf(ids)])
      return id => {
        const [staticJson, countsJson] = [staticJsonOf(id), countsJsonOf.get(id)]
        return staticJson && countsJson && [staticJson, countsJson]
      }
    },
  }
}

/** `type` is the number of images. */
function coverOf(paths: string[], absoluteUrl: (path: string) => string): Card['cover'] {
  return { type: paths.length as 0 | 1 | 3, images: paths.map(absoluteUrl) }
}
