// What authors do with the comments on their articles, besides deleting them.

import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { forbidden } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { findCommentOwner } from './comments.sql.ts'
import { findHeading, setPinned } from './moderation.sql.ts'

export type CommentModeration = ReturnType<typeof createCommentModeration>

export function createCommentModeration({ db }: { db: Db }) {
  return {
    /** The article that comments are listed with; undefined if readers cannot see it. */
    headingOf: (id: ArticleId) => findHeading(db, id),

    /** A pinned comment stands above the others. Replies cannot be pinned. */
    async setPinned(reader: ReaderId, id: CommentId, pinned: boolean): Promise<void> {
      const owner = await findCommentOwner(db, id, reader)
      if (!owner?.isOwnArticle || owner.parentId !== null) throw forbidden('User has no permission to pin this comment.')
      await setPinned(db, id, pinned)
    },
  }
}
