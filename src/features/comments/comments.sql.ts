import { sql } from 'kysely'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

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
  /** What the reader who asks has done; both false for anyone else. */
  noteOwnLike: boolean
  followed: boolean
}

const columns = (reader: ReaderId | null) => sql`
  comment.id, comment.author_id, reader.name as author_name, reader.photo as author_photo, content, pinned, comment.created_at,
  exists (select from comment_liking where reader_id = ${reader} and comment_id = comment.id) as liked,
  exists (select from following where following.reader_id = ${reader} and creator_id = comment.author_id) as followed`

// What is shown below something that is shown: not the answers to a comment taken down, nor anything below an article.
const visibleIn = (where: CommentThread) =>
  'article' in where
    ? sql`parent_id is null and comment.status = 1
          and comment.article_id = (select id from article where id = ${where.article} and status = 2)`
    : sql`comment.status = 1 and parent_id = (
            select above.id from comment above join article on article.id = above.article_id
             where above.id = ${where.comment} and above.status = 1 and article.status = 2)`

/**
 * Up to `most` comments behind the one with the id `after`, the pinned first, then the newest. The place of `after` is
 * looked up, because its id alone does not say whether it is pinned; one that is not there any more was not.
 */
export async function listComments(
  db: Db,
  where: CommentThread,
  { reader, after, limit }: { reader: ReaderId | null; after: CommentId | null; limit: number },
): Promise<CommentRow[]> {
  const rest =
    after === null
      ? sql``
      : sql`and (pinned, comment.id) < (coalesce((select pinned from comment c where c.id = ${after}), false), ${after}::bigint)`
  const { rows } = await sql<CommentRow>`
    select ${columns(reader)} from comment join reader on reader.id = comment.author_id
     where ${visibleIn(where)} ${rest} order by pinned desc, comment.id desc limit ${limit}`.execute(db)
  return rows
}

/** How many there are in all, and which is the last. */
export async function summarizeThread(db: Db, where: CommentThread): Promise<{ total: number; last: CommentId | null }> {
  const { rows } = await sql<{ total: number; last: CommentId | null }>`
    select (select count(*)::int from comment where ${visibleIn(where)}) as total,
           (select comment.id from comment where ${visibleIn(where)} order by pinned, comment.id limit 1) as last`.execute(db)
  return rows[0] as { total: number; last: CommentId | null }
}

export interface NewComment {
  id: CommentId
  authorId: ReaderId
  articleId: ArticleId
  parentId: CommentId | null
  content: string
}

/** Undefined, and nothing written, when it may not be said there. */
export async function createComment(db: Db, { id, authorId, articleId, parentId, content }: NewComment): Promise<CommentRow | undefined> {
  const { rows } = await sql<CommentRow>`
    with put as (
      insert into comment (id, article_id, author_id, parent_id, content)
      select ${id}, article.id, reader.id, ${parentId}::bigint, ${content} from article, reader
       where article.id = ${articleId} and article.status = 2 and allow_comment and reader.id = ${authorId}
         and (${parentId}::bigint is null
              or exists (select from comment above where above.id = ${parentId} and above.article_id = article.id and above.status = 1))
      returning id, author_id, content, pinned, created_at
    )
    select put.*, reader.name as author_name, reader.photo as author_photo, false as liked, false as followed
      from put join reader on reader.id = put.author_id`.execute(db)
  return rows[0]
}

/** Why nothing may be said: there is no such article, or it is closed; otherwise the comment to reply to is not there. */
export async function findRefusalReason(db: Db, articleId: ArticleId): Promise<'no article' | 'closed' | 'no comment'> {
  const article = await db.selectFrom('article').select(['status', 'allow_comment']).where('id', '=', articleId).executeTakeFirst()
  if (article?.status !== 2) return 'no article'
  return article.allow_comment ? 'no comment' : 'closed'
}

/** False when there is no such comment for readers. */
export async function addCommentLiking(db: Db, readerId: ReaderId, commentId: CommentId): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    with target as (
      select comment.id from comment join article on article.id = article_id
       where comment.id = ${commentId} and comment.status = 1 and article.status = 2
    ), put as (
      insert into comment_liking (reader_id, comment_id) select reader.id, target.id from target, reader where reader.id = ${readerId}
      on conflict (reader_id, comment_id) do nothing
    )
    select exists (select from target) as known`.execute(db)
  return rows[0]?.known ?? false
}

export async function removeCommentLiking(db: Db, readerId: ReaderId, commentId: CommentId): Promise<void> {
  await db.deleteFrom('comment_liking').where('reader_id', '=', readerId).where('comment_id', '=', commentId).execute()
}
