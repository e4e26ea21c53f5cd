// What cards are written from: the article as lists show it, and its author's name, each from its own cache.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import type { Caches } from '../../engines/cache/caches.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import { type CardRow, findCardRows } from './cards.sql.ts'

export interface CardSource extends CardRow {
  authorName: string
}

/** Those of the articles that readers may see. */
export type LoadCards = (ids: readonly ArticleId[]) => Promise<CardSource[]>

export function cacheCardRows({ db, remember, people }: { db: Db; remember: Caches['remember']; people: ProfilesOf }): LoadCards {
  const cards = remember<ArticleId, CardRow>({
    name: 'card',
    shape: 1,
    keyOf: ({ topic, key }) => (topic === 'article' || topic === 'top' ? (key as ArticleId) : undefined),
    load: async ids => new Map((await findCardRows(db, ids)).map(row => [row.id, row])),
  })
  return async ids => {
    const rows = [...(await cards.of(ids)).values()]
    const authors = await people([...new Set(rows.map(row => row.author_id))])
    // An author is a row the article refers to: only just now both may have gone.
    return rows.flatMap(row => {
      const author = authors.get(row.author_id as ReaderId)
      return author ? [{ ...row, authorName: author.name }] : []
    })
  }
}
