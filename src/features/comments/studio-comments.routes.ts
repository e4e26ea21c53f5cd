// Comments in the studio: those of readers, with what their author may do with them.

import { type Static, Type } from 'typebox'
import type { ArticleId, CommentId, ReaderId } from '../../base/id.ts'
import { forbidden, Problem } from '../../base/problem.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { addToggle } from '../../http/toggle-routes.ts'
import { Bool, Count, Envelope, Id, IdOrNull, TypedText, ZeroOrOne } from '../../http/wire.ts'
import { ListQuery } from './comments.routes.ts'
import { Comment } from './comments.schema.ts'
import { COMMENT_LENGTH_MAX, type Comments, DENIED, NO_COMMENT } from './comments.ts'
import type { CommentModeration } from './moderation.ts'

const Params = Type.Object({ id: Id<CommentId>() })
/** The article's fields are there in a list of an article's comments. */
const StudioComment = Type.Object({
  ...Comment.properties,
  is_liking: ZeroOrOne(),
  art_id: Type.Optional(Id<ArticleId>()),
  art_title: Type.Optional(Type.String()),
  art_pubdate: Type.Optional(Type.String()),
})
type StudioComment = Static<typeof StudioComment>
const StudioCommentPage = Type.Object({
  total_count: Count(),
  end_id: IdOrNull<CommentId>(),
  last_id: IdOrNull<CommentId>(),
  results: Type.Array(StudioComment),
})
const ReplyBody = Type.Object({
  target: Id<CommentId>({ refusal: NO_COMMENT }),
  content: TypedText(COMMENT_LENGTH_MAX),
  art_id: Id<ArticleId>(),
})
const NewReply = Type.Object({
  com_id: Id<CommentId>(),
  target: Id(),
  art_id: Id<ArticleId>(),
  new_obj: Comment,
  in_review: Type.Boolean(),
})
const StickyBody = Type.Object({ sticky: Bool() })
const Sticky = Type.Object({ target: Id<CommentId>(), sticky: Type.Boolean() })

export interface StudioCommentsNeeds {
  comments: Comments
  moderation: CommentModeration
  localTime: (at: Date) => string
  access: 'studio' | 'login'
}

export const studioCommentRoutes =
  ({ comments, moderation, localTime, access }: StudioCommentsNeeds): Routes =>
  async server => {
    const config = { access }

    server.get(
      '/comments',
      { config, schema: { querystring: ListQuery, response: { 200: Envelope(StudioCommentPage) } } },
      async ({ viewer, query }) => {
        const { type, source, offset, limit } = query
        const ofArticle = type === 'a'
        const thread = ofArticle ? { article: source as ArticleId } : { comment: source as CommentId }
        const [page, heading] = await Promise.all([
          comments.list(viewer, thread, { after: offset ?? null, limit }),
          ofArticle ? moderation.headingOf(source as ArticleId) : undefined,
        ])
        const article = heading && { art_id: heading.id, art_title: heading.title, art_pubdate: localTime(heading.published_at) }
        const results = page.results.map((comment): StudioComment => ({ ...comment, is_liking: comment.is_liking ? 1 : 0, ...article }))
        return { message: 'OK' as const, data: { ...page, results } }
      },
    )

    server.post(
      '/comments',
      { config: { access, refuses: ['invalid'] }, schema: { body: ReplyBody, response: { 201: Envelope(NewReply) } } },
      async (request, reply) => {
        const { target, content, art_id } = request.body
        const { comment, held } = await comments
          .create(readerOf(request), { articleId: art_id, parentId: target, content })
          .catch(forbidDenied)
        const data = { com_id: comment.com_id, target, art_id, new_obj: comment, in_review: held }
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.delete('/comments/:id', { config, schema: { params: Params, response: { 204: Type.Null() } } }, async (request, reply) => {
      await comments.remove(readerOf(request), request.params.id)
      return reply.code(204).send(null)
    })

    server.put(
      '/comments/:id/sticky',
      { config, schema: { params: Params, body: StickyBody, response: { 201: Envelope(Sticky) } } },
      async (request, reply) => {
        const { sticky } = request.body
        await moderation.setPinned(readerOf(request) as ReaderId, request.params.id, sticky)
        return reply.code(201).send({ message: 'OK', data: { target: request.params.id, sticky } })
      },
    )

    addToggle(server, '/comment/likings', { refusal: NO_COMMENT, add: comments.like, remove: comments.unlike, access })
  }

/** Here the contract answers 403 where it answers readers 400. */
function forbidDenied(err: unknown): never {
  throw err instanceof Problem && err.message === DENIED ? forbidden(DENIED, err.details) : err
}
