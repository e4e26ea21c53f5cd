// An author pins and deletes comments on their own articles. Readers delete their own comments.

import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { forbidden } from '../../base/problem.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import { deleteComment, findCommentOwner, findHeading, setPinned } from './moderation.sql.ts'

export type CommentModeration = ReturnType<typeof createCommentModeration>

export function createCommentModeration({ db, counters }: { db: Db; counters: Counters }) {
  return {
    /** The article that comments are listed with; undefined if readers cannot see it. */
    headingOf: (id: ArticleId) => findHeading(db, id),

    /** Also deletes its replies. Allowed to the author of the article and of the comment. */
    async remove(reader: ReaderId, id: CommentId): Promise<void> {
      const owner = await findCommentOwner(db, id, reader)
      if (!owner?.isOwnArticle && !owner?.isOwnComment) throw forbidden('User has no permission to delete this comment.')
      await deleteComment(db, id)
      await counters.noteOwnWrite({ kind: 'reader', id: reader }, ['article.comments'], [owner.articleId])
      if (owner.parentId) await counters.noteOwnWrite({ kind: 'reader', id: reader }, ['comment.replies'], [owner.parentId])
    },

    /** A pinned comment stands above the others. Replies cannot be pinned. */
    async setPinned(reader: ReaderId, id: CommentId, pinned: boolean): Promise<void> {
      const owner = await findCommentOwner(db, id, reader)
      if (!owner?.isOwnArticle || owner.parentId !== null) throw forbidden('User has no permission to pin this comment.')
      await setPinned(db, id, pinned)
    },
  }
}
