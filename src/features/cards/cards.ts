// The article as every list shows it.

import type { ArticleId } from '../../base/id.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Card } from './cards.schema.ts'
import { cardRows } from './cards.sql.ts'

export type Cards = ReturnType<typeof createCards>

export interface Needs {
  db: Db
  counters: Counters
  /** Makes a picture's path an address. */
  address: (path: string) => string
  localTime: (at: Date) => string
}

const KINDS = ['article.comments', 'article.likes', 'article.collections'] as const

export function createCards({ db, counters, address, localTime }: Needs) {
  return {
    /** The cards of those articles that readers may see; the others are absent. */
    async of(ids: ArticleId[]): Promise<Map<ArticleId, Card>> {
      if (ids.length === 0) return new Map()
      const [rows, count] = await Promise.all([cardRows(db, ids), counters.read(KINDS, ids)])
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
            comm_count: count(row.id, 'article.comments'),
            like_count: count(row.id, 'article.likes'),
            collect_count: count(row.id, 'article.collections'),
          },
        ]),
      )
    },
  }
}

/** Clients read `type` and as many images without looking twice. */
function coverOf(paths: string[], address: (path: string) => string): Card['cover'] {
  return { type: paths.length as 0 | 1 | 3, images: paths.map(address) }
}
