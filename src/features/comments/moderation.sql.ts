// Pinning comments, and deleting them.

import { sql } from 'kysely'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

/** Whose a comment and its article are. */
export interface CommentOwner {
  articleId: ArticleId
  isOwnArticle: boolean
  isOwnComment: boolean
  parentId: CommentId | null
}

/** Undefined if there is no such comment, or it has been deleted. */
export async function findCommentOwner(db: Db, id: CommentId, reader: ReaderId): Promise<CommentOwner | undefined> {
  const { rows } = await sql<CommentOwner>`
    select article.id as "articleId", article.author_id = ${reader} as "isOwnArticle", comment.author_id = ${reader} as "isOwnComment",
           comment.parent_id as "parentId"
      from comment join article on article.id = comment.article_id where comment.id = ${id} and comment.status = 1`.execute(db)
  return rows[0]
}

/** With its replies: without the comment they are seen nowhere, so they must not be counted either. */
export async function deleteComment(db: Db, id: CommentId): Promise<void> {
  await sql`update comment set status = 3 where (id = ${id} or parent_id = ${id}) and status = 1`.execute(db)
}

export async function setPinned(db: Db, id: CommentId, pinned: boolean): Promise<void> {
  await sql`update comment set pinned = ${pinned} where id = ${id} and pinned <> ${pinned}`.execute(db)
}

export interface ArticleHeading {
  id: ArticleId
  title: string
  published_at: Date
}

export async function findHeading(db: Db, id: ArticleId): Promise<ArticleHeading | undefined> {
  return db.selectFrom('published_article').select(['id', 'title', 'published_at']).where('id', '=', id).executeTakeFirst()
}
