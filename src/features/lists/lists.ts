// The lists of articles that belong to a reader: what they wrote, what they keep, what they have read.

import type { ReaderId } from '../../base/id.ts'
import { invalid } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PagingParams, toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import type { Cards } from '../cards/cards.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import { type ArticleListQuery, articlesByAuthor, articlesCollectedBy, articlesReadBy, loadPage } from './lists.sql.ts'

export type Lists = ReturnType<typeof createLists>

export interface Needs {
  db: Db
  cards: Cards
  profilesOf: ProfilesOf
  /** How many articles a history holds. */
  historyMax: number
}

export function createLists({ db, cards, profilesOf, historyMax }: Needs) {
  async function page(every: ArticleListQuery, viewer: ReaderId | null, asked: PagingParams) {
    const { total, ids, liked } = await loadPage(db, every, viewer, toOffsetLimit(asked))
    const known = await cards.of(ids, viewer === null ? undefined : { kind: 'reader', id: viewer })
    const results = ids.flatMap((id, i) => {
      const card = known.get(id)
      return card ? [{ ...card, is_liking: liked[i] === true }] : []
    })
    return toPagedResponse(asked, total, results)
  }

  return {
    /** What an author has published, as anybody sees it. */
    async listByAuthor(viewer: Viewer, author: ReaderId, asked: PagingParams) {
      if (!(await profilesOf([author])).has(author)) throw invalid('Invalid request.')
      return page(articlesByAuthor(author), viewer.kind === 'reader' ? viewer.id : null, asked)
    },
    listOwn: (reader: ReaderId, asked: PagingParams) => page(articlesByAuthor(reader), reader, asked),
    listCollected: (reader: ReaderId, asked: PagingParams) => page(articlesCollectedBy(reader), reader, asked),
    listHistory: (reader: ReaderId, asked: PagingParams) => page(articlesReadBy(reader, historyMax), reader, asked),
  }
}
