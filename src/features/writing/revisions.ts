// What an author saved before, and what stands unsaved in an editor: after a crash of the browser it is still there.

import type { ArticleId, ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'
import { deleteAutosave, findAutosave, findRevision, listRevisions, putAutosave } from './revisions.sql.ts'
import type { Writing } from './writing.ts'

export type Revisions = ReturnType<typeof createRevisions>

/** Of one author. An editor sends one every three seconds at most, so several tabs have room. */
export const AUTOSAVE_LIMIT: RateLimit = { name: 'autosave', points: 3_000, seconds: 3_600 }

export interface RevisionsNeeds {
  db: Db
  exists: Writing['exists']
  autosaveLimiter: RateLimiter
}

export function createRevisions({ db, exists, autosaveLimiter }: RevisionsNeeds) {
  async function assertOwn(authorId: ReaderId, id: ArticleId): Promise<void> {
    if (!(await exists(authorId, id))) throw notFound('The article does not exist.')
  }

  return {
    async list(authorId: ReaderId, id: ArticleId) {
      await assertOwn(authorId, id)
      return listRevisions(db, id)
    },
    async get(authorId: ReaderId, id: ArticleId, number: number) {
      await assertOwn(authorId, id)
      const revision = await findRevision(db, id, number)
      if (!revision) throw notFound('The revision does not exist.')
      return revision
    },

    /** `articleId` not above 0: an article that has not been saved yet. Content is whatever the editor needs to go on. */
    async saveAutomatically(authorId: ReaderId, articleId: bigint, content: object): Promise<Date> {
      await takePoint(autosaveLimiter, String(authorId), 'The text was saved very often. Please wait.')
      if (articleId > 0n) await assertOwn(authorId, articleId as ArticleId)
      return putAutosave(db, { authorId, articleId }, content)
    },
    /** Undefined if there is none. */
    findAutosave: (authorId: ReaderId, articleId: bigint) => findAutosave(db, { authorId, articleId }),
    deleteAutosave: (authorId: ReaderId, articleId: bigint) => deleteAutosave(db, { authorId, articleId }),
  }
}
