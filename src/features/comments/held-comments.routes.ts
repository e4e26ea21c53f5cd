import { Type } from 'typebox'
import type { CommentId } from '../../base/id.ts'
import { operatorOf } from '../../http/access.ts'
import { AdminListQuery, AdminListSchema, toAdminPage } from '../../http/admin-lists.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Count, Envelope, Id } from '../../http/wire.ts'
import { HeldCommentItem } from './held-comments.schema.ts'
import type { HeldComments } from './held-comments.ts'

const IDS_MAX = 50 // a page of the list
const ListQuery = Type.Object(AdminListQuery)
const DecisionBody = Type.Object({
  comment_ids: Type.Array(Id<CommentId>(), { minItems: 1, maxItems: IDS_MAX }),
  approve: Bool(),
})

/** Below /v1/admin: the contract shows every comment at once. */
export const heldCommentRoutes =
  (comments: HeldComments): Routes =>
  async server => {
    server.get(
      '/held-comments',
      {
        config: { access: 'admin', permission: 'held-comment-list-get' },
        schema: { querystring: ListQuery, response: { 200: Envelope(AdminListSchema('comments', HeldCommentItem)) } },
      },
      async ({ query }) => {
        const { rows, total } = await comments.list(toAdminPage(query))
        const shown = rows.map(({ id, content, created_at, author_id, author_name, article_id, article_title, words }) => ({
          com_id: id,
          content,
          created_at: created_at.toISOString(),
          aut_id: author_id,
          aut_name: author_name,
          art_id: article_id,
          art_title: article_title,
          words,
        }))
        return { message: 'OK' as const, data: { comments: shown, total_count: total } }
      },
    )

    server.put(
      '/held-comments',
      {
        config: { access: 'admin', permission: 'held-comment-list-put' },
        schema: { body: DecisionBody, response: { 201: Envelope(Type.Object({ count: Count() })) } },
      },
      async (request, reply) => {
        const { comment_ids, approve } = request.body
        return reply.code(201).send({ message: 'OK', data: { count: await comments.decide(operatorOf(request), comment_ids, approve) } })
      },
    )
  }
