import { sql } from 'kysely'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'

/** The comments on an article, or the replies to a comment. */
export type CommentThread = { article: ArticleId } | { comment: CommentId }

export interface CommentRow {
  id: CommentId
  author_id: ReaderId
  author_name: string
  author_photo: string | null
  content: string
  pinned: boolean
  created_at: Date
  /** Whether the viewer likes the comment; false if the viewer is not signed in. */
  liked: boolean
  /** Whether the viewer follows the author; false if the viewer is not signed in. */
  followed: boolean
}

// A literal rather than a parameter, because the index comment_listed covers approved comments only.
const APPROVED = sql.lit(1)
const HELD = sql.lit(0)

const columns = (viewer: ReaderId | null) => sql`
  comment.id, comment.author_id, reader.name as author_name, reader.photo as author_photo, content, pinned, comment.created_at,
  exists (select from comment_liking where reader_id = ${viewer} and comment_id = comment.id) as liked,
  exists (select from following where following.reader_id = ${viewer} and creator_id = comment.author_id) as followed`

// Approved comments of a published article, and approved replies to such comments.
const visibleIn = (thread: CommentThread) =>
  'article' in thread
    ? sql`parent_id is null and comment.status = ${APPROVED}
          and comment.article_id = (select id from published_article where id = ${thread.article})`
    : sql`comment.status = ${APPROVED} and parent_id = (
            select parent.id from comment parent join published_article article on article.id = parent.article_id
             where parent.id = ${thread.comment} and parent.status = ${APPROVED})`

/**
 * Up to `limit` comments that follow the one with the id `after`: pinned comments first, then the newest. The row of `after`
 * says whether it is pinned; if it has been deleted, it counts as not pinned.
 */
export async function listComments(
  db: Db,
  thread: CommentThread,
  { reader, after, limit }: { reader: ReaderId | null; after: CommentId | null; limit: number },
): Promise<CommentRow[]> {
  const isAfter =
    after === null
      ? sql``
      : sql`and (pinned, comment.id) < (coalesce((select pinned from comment c where c.id = ${after}), false), ${after}::bigint)`
  const { rows } = await sql<CommentRow>`
    select ${columns(reader)} from comment join reader on reader.id = comment.author_id
     where ${visibleIn(thread)} ${isAfter} order by pinned desc, comment.id desc limit ${limit}`.execute(db)
  return rows
}

/** The number of comments in a thread, and the id of the last one. */
export async function summarizeThread(db: Db, thread: CommentThread): Promise<{ total: number; last: CommentId | null }> {
  const { rows } = await sql<{ total: number; last: CommentId | null }>`
    select (select count(*)::int from comment where ${visibleIn(thread)}) as total,
           (select comment.id from comment where ${visibleIn(thread)} order by pinned, comment.id limit 1) as last`.execute(db)
  return rows[0] as { total: number; last: CommentId | null }
}

export interface NewComment {
  id: CommentId
  authorId: ReaderId
  articleId: ArticleId
  parentId: CommentId | null
  content: string
  /** Waits for an editor. */
  held: boolean
}

/** Undefined if the article or the parent comment does not accept the comment; then nothing is written. */
export async function createComment(
  db: Db | Tx,
  { id, authorId, articleId, parentId, content, held }: NewComment,
): Promise<CommentRow | undefined> {
  const { rows } = await sql<CommentRow>`
    with created as (
      insert into comment (id, article_id, author_id, parent_id, content, status)
      select ${id}, article.id, reader.id, ${parentId}::bigint, ${content}, ${held ? HELD : APPROVED} from published_article article, reader
       where article.id = ${articleId} and allow_comment and reader.id = ${authorId}
         and (${parentId}::bigint is null or exists (
                select from comment parent
                 where parent.id = ${parentId} and parent.article_id = article.id and parent.status = ${APPROVED}))
      returning id, author_id, content, pinned, created_at
    )
    select created.*, reader.name as author_name, reader.photo as author_photo, false as liked, false as followed
      from created join reader on reader.id = created.author_id`.execute(db)
  return rows[0]
}

/** Why `createComment` wrote nothing. */
export async function findRefusalReason(db: Db, articleId: ArticleId): Promise<'no article' | 'closed' | 'no comment'> {
  const article = await db.selectFrom('published_article').select('allow_comment').where('id', '=', articleId).executeTakeFirst()
  if (!article) return 'no article'
  return article.allow_comment ? 'no comment' : 'closed'
}

/** False if readers cannot see the comment. */
export async function addCommentLiking(db: Db, readerId: ReaderId, commentId: CommentId): Promise<boolean> {
  const { rows } = await sql<{ exists: boolean }>`
    with target as (
      select comment.id from comment join published_article article on article.id = article_id
       where comment.id = ${commentId} and comment.status = ${APPROVED}
    ), created as (
      insert into comment_liking (reader_id, comment_id) select reader.id, target.id from target, reader where reader.id = ${readerId}
      on conflict (reader_id, comment_id) do nothing
    )
    select exists (select from target)`.execute(db)
  return rows[0]?.exists ?? false
}

export async function removeCommentLiking(db: Db, readerId: ReaderId, commentId: CommentId): Promise<void> {
  await db.deleteFrom('comment_liking').where('reader_id', '=', readerId).where('comment_id', '=', commentId).execute()
}

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

/** As `deleteComment`, by its author, who may restore it. */
export async function withdrawComment(db: Db, id: CommentId): Promise<void> {
  await sql`update comment set status = 3, withdrawn_at = now() where (id = ${id} or parent_id = ${id}) and status = 1`.execute(db)
}

/** With the replies that went with it. False if there is nothing that this reader could restore. */
export async function restoreComment(db: Db, id: CommentId, reader: ReaderId, withinSeconds: number): Promise<boolean> {
  const { rows } = await sql`
    with withdrawn as (
      select id, withdrawn_at from comment
       where id = ${id} and author_id = ${reader} and status = 3 and withdrawn_at > now() - make_interval(secs => ${withinSeconds})
         and (parent_id is null or exists (select from comment parent where parent.id = comment.parent_id and parent.status = ${APPROVED}))
    )
    update comment set status = ${APPROVED}, withdrawn_at = null from withdrawn
     where (comment.id = withdrawn.id or comment.parent_id = withdrawn.id) and comment.status = 3
       and comment.withdrawn_at = withdrawn.withdrawn_at
    returning 1`.execute(db)
  return rows.length > 0
}

/** `isNew` is false if the reader has reported the comment before. */
export async function createCommentReport(
  db: Db,
  report: { readerId: ReaderId; commentId: CommentId; type: number; remark: string | null },
): Promise<{ commentExists: boolean; isNew: boolean }> {
  const { readerId, commentId, type, remark } = report
  const { rows } = await sql<{ commentExists: boolean; isNew: boolean }>`
    with target as (
      select comment.id from comment join published_article article on article.id = article_id
       where comment.id = ${commentId} and comment.status = ${APPROVED}
    ), created as (
      insert into comment_report (reader_id, comment_id, type, remark)
      select reader.id, target.id, ${type}::smallint, ${remark} from target, reader where reader.id = ${readerId}
      on conflict (reader_id, comment_id) do nothing
      returning comment_id
    )
    select exists (select from target) as "commentExists", exists (select from created) as "isNew"`.execute(db)
  return rows[0] as { commentExists: boolean; isNew: boolean }
}
