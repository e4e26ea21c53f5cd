// The rows behind cards: the article and its author's name, each from its own cache.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Caches } from '../../engines/cache/caches.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import { type CardRow, findCardRows } from './cards.sql.ts'

export interface CardSource extends CardRow {
  authorName: string
}

/** The published ones of these articles. */
export type LoadCards = (ids: readonly ArticleId[]) => Promise<CardSource[]>

export function cacheCardRows({
  db,
  createCache,
  profilesOf,
}: {
  db: Db
  createCache: Caches['createCache']
  profilesOf: ProfilesOf
}): LoadCards {
  const cards = createCache<ArticleId, CardRow>({
    name: 'card',
    schemaVersion: 2,
    invalidationKey: ({ topic, key }) => (topic === 'article' || topic === 'top' ? (key as ArticleId) : undefined),
    load: async ids => new Map((await findCardRows(db, ids)).map(row => [row.id, row])),
  })
  return async ids => {
    const rows = [...(await cards.getMany(ids)).values()]
    const authors = await profilesOf([...new Set(rows.map(row => row.author_id))])
    // An article refers to its author's row, so the author is missing only if both were deleted just now.
    return rows.flatMap(row => {
      const author = authors.get(row.author_id as ReaderId)
      return author ? [{ ...row, authorName: author.name }] : []
    })
  }
}
