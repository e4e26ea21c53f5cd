import { Type } from 'typebox'
import type { ArticleId, CommentId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { addToggle } from '../../http/toggle-routes.ts'
import { Envelope, Id, IdOrNull, Int, Optional, TypedTextOrNull } from '../../http/wire.ts'
import { CommentPage, NewComment } from './comments.schema.ts'
import { COMMENT_LENGTH_MAX, type Comments, NO_COMMENT } from './comments.ts'

export const ListQuery = Type.Object({
  /** The kind of `source`: a, an article, or c, a comment. */
  type: Type.String({ pattern: '^[ac]$', refusal: 'type must be a or c' }),
  source: Id(),
  offset: Optional(IdOrNull<CommentId>()),
  limit: Optional(Int(10, 50)),
})
const TARGET = { refusal: 'Invalid target article id.' }
const CommentBody = Type.Object(
  {
    target: Id(TARGET),
    content: Optional(TypedTextOrNull(COMMENT_LENGTH_MAX)),
    // There are two ways to reply: `target` is the comment and `art_id` the article, or `target` is the article and `parent_id` the comment.
    art_id: Optional(IdOrNull<ArticleId>(TARGET)),
    parent_id: Optional(IdOrNull<CommentId>({ refusal: NO_COMMENT })),
  },
  TARGET,
)

export const commentRoutes =
  (comments: Comments): Routes =>
  async server => {
    server.get(
      '/comments',
      { config: { access: 'open' }, schema: { querystring: ListQuery, response: { 200: Envelope(CommentPage) } } },
      async ({ viewer, query }) => {
        const { type, source, offset, limit } = query
        const thread = type === 'a' ? { article: source as ArticleId } : { comment: source as CommentId }
        return { message: 'OK' as const, data: await comments.list(viewer, thread, { after: offset ?? null, limit }) }
      },
    )

    server.post(
      '/comments',
      {
        config: { access: 'login', refuses: ['invalid'], takesKey: true },
        schema: { body: CommentBody, response: { 201: Envelope(NewComment) } },
      },
      async (request, reply) => {
        const { target, content, art_id, parent_id } = request.body
        const articleId = art_id ?? (target as ArticleId)
        // A client that adds the article's id to every request comments on the article.
        const isReply = art_id && (art_id as bigint) !== target
        const parentId = isReply ? (target as CommentId) : (parent_id ?? null)
        const { comment, held } = await comments.create(readerOf(request), { articleId, parentId, content: content ?? '' })
        const data = { com_id: comment.com_id, target, art_id: articleId, parent_id: parentId, new_obj: comment, in_review: held }
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    addToggle(server, '/comment/likings', { refusal: NO_COMMENT, add: comments.like, remove: comments.unlike })
  }
