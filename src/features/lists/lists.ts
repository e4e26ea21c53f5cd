// A reader's lists of articles: those they wrote, collected, opened and dislike.

import type { ReaderId } from '../../base/id.ts'
import { invalid } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PagingParams, toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import type { Cards } from '../cards/cards.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import {
  type ArticleListQuery,
  articlesByAuthor,
  articlesCollectedBy,
  articlesDislikedBy,
  articlesReadBy,
  findMarks,
  loadPage,
} from './lists.sql.ts'

/** Of each kind, some 20 kB. What was marked before that is hardly in a feed. */
const MARKS_MAX = 1_000

export type Lists = ReturnType<typeof createLists>

export interface Needs {
  db: Db
  cards: Cards
  profilesOf: ProfilesOf
  /** How many articles a reader's history holds. */
  historyMax: number
}

export function createLists({ db, cards, profilesOf, historyMax }: Needs) {
  async function page(list: ArticleListQuery, viewer: ReaderId | null, paging: PagingParams) {
    const { total, ids, liked } = await loadPage(db, list, viewer, toOffsetLimit(paging))
    const cardOf = await cards.of(ids, viewer === null ? undefined : { kind: 'reader', id: viewer })
    const results = ids.flatMap((id, i) => {
      const card = cardOf.get(id)
      return card ? [{ ...card, is_liking: liked[i] === true }] : []
    })
    return toPagedResponse(paging, total, results)
  }

  return {
    /** An author's published articles. */
    async listByAuthor(viewer: Viewer, author: ReaderId, paging: PagingParams) {
      if (!(await profilesOf([author])).has(author)) throw invalid('Invalid request.')
      return page(articlesByAuthor(author), viewer.kind === 'reader' ? viewer.id : null, paging)
    },
    listOwn: (reader: ReaderId, paging: PagingParams) => page(articlesByAuthor(reader), reader, paging),
    listCollected: (reader: ReaderId, paging: PagingParams) => page(articlesCollectedBy(reader), reader, paging),
    /** For a client that says of each card whether the reader has collected it or likes it. */
    findMarks: (reader: ReaderId) => findMarks(db, reader, MARKS_MAX),
    listDisliked: (reader: ReaderId, paging: PagingParams) => page(articlesDislikedBy(reader), reader, paging),
    listHistory: (reader: ReaderId, paging: PagingParams) => page(articlesReadBy(reader, historyMax), reader, paging),
  }
}
