// Comments on articles and replies to comments. Clients detect the end of a list in one of three ways: an empty page,
// `last_id` equal to `end_id`, or as many comments as `total_count` says.

import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { conflict, forbidden, invalid, notFound } from '../../base/problem.ts'
import { isBlank, normalizeText } from '../../base/text.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Moderation } from '../moderation/moderation.ts'
import type { Comment } from './comments.schema.ts'
import {
  addCommentLiking,
  type CommentOwner,
  type CommentRow,
  type CommentThread,
  createComment,
  createCommentReport,
  deleteComment,
  findCommentOwner,
  findRefusalReason,
  listComments,
  type NewComment,
  removeCommentLiking,
  restoreComment,
  summarizeThread,
  withdrawComment,
} from './comments.sql.ts'

export type Comments = ReturnType<typeof createComments>

export interface Needs {
  db: Db
  counters: Counters
  newId: () => bigint
  /** Whether a number can be an id at all, so that others are refused without a query. */
  isPlausibleId: (id: bigint) => boolean
  /** Turns the path of a picture into a URL; URLs stay as they are. */
  absoluteUrl: (path: string) => string
  photoPath: (id: ReaderId, photo: string | null) => string
  localTime: (at: Date) => string
  /** Sensitive words. */
  checkComment: Moderation['checkComment']
}

export const NO_COMMENT = 'Invalid target comment id.'
const GONE = 'The comment does not exist.'
export const DENIED = 'Article denied comment.'
const NO_ARTICLE = 'Invalid target article id.'
const KINDS = ['comment.likes', 'comment.replies'] as const
const PER_PAGE = 10
/** Much longer than an app offers it: its request may wait for a network. */
const RESTORED_WITHIN_S = 600
export const REMARK_MAX = 200
/** The type of report whose remark is stored. */
const REPORT_OTHER = 0
export const COMMENT_LENGTH_MAX = 2_000 // the limit of the column; several screens of a phone

/** A reply has a parent; a comment on the article itself has none. */
export interface CommentInput {
  articleId: ArticleId
  parentId: CommentId | null
  content: string
}

export function createComments({ db, counters, newId, isPlausibleId, absoluteUrl, photoPath, localTime, checkComment }: Needs) {
  async function toWire(viewer: Viewer, rows: CommentRow[]): Promise<Comment[]> {
    const ids = rows.map(row => row.id)
    const count = await counters.read(KINDS, ids, viewer)
    return rows.map(row => ({
      com_id: row.id,
      aut_id: row.author_id,
      aut_name: row.author_name,
      aut_photo: absoluteUrl(photoPath(row.author_id, row.author_photo)),
      pubdate: localTime(row.created_at),
      content: row.content,
      is_top: row.pinned ? 1 : 0,
      like_count: count(row.id, 'comment.likes'),
      reply_count: count(row.id, 'comment.replies'),
      is_liking: row.liked,
      is_followed: row.followed,
    }))
  }

  const noteOwnLike = (readerId: ReaderId, commentId: CommentId) =>
    counters.noteOwnWrite({ kind: 'reader', id: readerId }, ['comment.likes'], [commentId])

  async function noteThread(reader: ReaderId, { articleId, parentId }: CommentOwner): Promise<void> {
    await counters.noteOwnWrite({ kind: 'reader', id: reader }, ['article.comments'], [articleId])
    if (parentId) await counters.noteOwnWrite({ kind: 'reader', id: reader }, ['comment.replies'], [parentId])
  }

  const createNoted = (wanted: NewComment, note: (tx: Tx, id: CommentId) => Promise<void>) =>
    db.transaction().execute(async tx => {
      const row = await createComment(tx, wanted)
      if (row) await note(tx, row.id)
      return row
    })

  return {
    /**
     * `last_id` is the id of the last comment of the page, `end_id` that of the last comment of the list. Both are written
     * in the form of the generation, so a client finds them equal on the last page. `offset` accepts the id in any form a
     * client's parser may give it: as digits, as text or in quotes.
     */
    async list(viewer: Viewer, thread: CommentThread, { after, limit = PER_PAGE }: { after: CommentId | null; limit?: number }) {
      if (!isPlausibleId('article' in thread ? thread.article : thread.comment))
        return { total_count: 0, end_id: null, last_id: null, results: [] }
      const reader = viewer.kind === 'reader' ? viewer.id : null
      // One comment more than the page holds: without it, this page is the last.
      const [rows, { total, last }] = await Promise.all([
        listComments(db, thread, { reader, after, limit: limit + 1 }),
        summarizeThread(db, thread),
      ])
      const results = await toWire(viewer, rows.slice(0, limit))
      const lastId = results.at(-1)?.com_id ?? null
      const isEnd = lastId !== null && rows.length <= limit
      return { total_count: total, end_id: isEnd ? lastId : last, last_id: lastId, results }
    },

    /** `held`: only its author knows of it until an editor has approved it. */
    async create(authorId: ReaderId, { articleId, parentId, content: input }: CommentInput): Promise<{ comment: Comment; held: boolean }> {
      const typed = normalizeText('content', input, COMMENT_LENGTH_MAX)
      if (isBlank(typed)) throw invalid('Empty content.', { field: 'content', reason: 'blank' })
      if (!isPlausibleId(articleId)) throw invalid(parentId === null ? NO_ARTICLE : NO_COMMENT)
      const { content, held, note } = await checkComment(authorId, typed)
      const wanted = { id: newId() as CommentId, authorId, articleId, parentId, content, held }
      const row = note ? await createNoted(wanted, note) : await createComment(db, wanted)
      if (row) {
        const viewer = { kind: 'reader', id: authorId } as const
        await counters.noteOwnWrite(viewer, ['article.comments'], [articleId])
        return { comment: (await toWire(viewer, [row]))[0] as Comment, held }
      }
      const reason = await findRefusalReason(db, articleId)
      if (reason === 'closed') throw invalid(DENIED, { reason: 'closed' })
      // The `target` of a reply is the comment.
      throw parentId === null ? invalid(NO_ARTICLE) : invalid(NO_COMMENT, { field: 'target', reason: 'gone' })
    },

    /** Also deletes its replies. Allowed to the author of the article and of the comment. */
    async remove(reader: ReaderId, id: CommentId): Promise<void> {
      const owner = await findCommentOwner(db, id, reader)
      if (!owner?.isOwnArticle && !owner?.isOwnComment) throw forbidden('User has no permission to delete this comment.')
      await deleteComment(db, id)
      await noteThread(reader, owner)
    },

    /** Also deletes its replies. */
    async removeOwn(reader: ReaderId, id: CommentId): Promise<void> {
      const owner = isPlausibleId(id) ? await findCommentOwner(db, id, reader) : undefined
      if (!owner) throw notFound(GONE)
      if (!owner.isOwnComment) throw forbidden('Only its author may delete a comment here.')
      await withdrawComment(db, id)
      await noteThread(reader, owner)
    },

    /** Takes back `removeOwn`, for a while. A comment that is shown stays as it is, so that the request may be repeated. */
    async restoreOwn(reader: ReaderId, id: CommentId): Promise<void> {
      const isRestored = isPlausibleId(id) && (await restoreComment(db, id, reader, RESTORED_WITHIN_S))
      const owner = isPlausibleId(id) ? await findCommentOwner(db, id, reader) : undefined
      if (!owner?.isOwnComment) throw notFound(GONE)
      if (isRestored) await noteThread(reader, owner)
    },

    /** One report for each reader and comment, so that editors see how many readers complained. */
    async report(readerId: ReaderId, id: CommentId, type: number, input: string | undefined): Promise<void> {
      const typed = type === REPORT_OTHER && input !== undefined ? normalizeText('remark', input, REMARK_MAX) : ''
      const remark = isBlank(typed) ? null : typed
      const outcome = isPlausibleId(id) ? await createCommentReport(db, { readerId, commentId: id, type, remark }) : undefined
      if (!outcome?.commentExists) throw notFound(GONE)
      if (!outcome.isNew) throw conflict('You have reported this comment.')
    },

    async like(readerId: ReaderId, commentId: CommentId): Promise<void> {
      if (!isPlausibleId(commentId) || !(await addCommentLiking(db, readerId, commentId))) throw invalid(NO_COMMENT)
      await noteOwnLike(readerId, commentId)
    },
    unlike: (readerId: ReaderId, commentId: CommentId) =>
      removeCommentLiking(db, readerId, commentId).then(() => noteOwnLike(readerId, commentId)),
  }
}
