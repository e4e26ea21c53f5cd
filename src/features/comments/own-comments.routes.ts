// What readers do with comments and the contract has no route for.

import { Type } from 'typebox'
import type { CommentId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Id, Int, Optional, TypedTextOrNull } from '../../http/wire.ts'
import { type Comments, REMARK_MAX } from './comments.ts'

const Params = Type.Object({ id: Id<CommentId>() })
/** `type`: as for articles, 0 to 8. `remark` explains type 0. */
const ReportBody = Type.Object({ type: Int(0, 8), remark: Optional(TypedTextOrNull(REMARK_MAX)) })
const NoContent = { 204: Type.Null() }

export const ownCommentRoutes =
  (comments: Comments): Routes =>
  async server => {
    const config = { access: 'login' as const }
    server.delete('/comments/:id', { config, schema: { params: Params, response: NoContent } }, async (request, reply) => {
      await comments.removeOwn(readerOf(request), request.params.id)
      return reply.code(204).send(null)
    })

    server.post('/comments/:id/restore', { config, schema: { params: Params, response: NoContent } }, async (request, reply) => {
      await comments.restoreOwn(readerOf(request), request.params.id)
      return reply.code(204).send(null)
    })

    server.post(
      '/comments/:id/reports',
      { config, schema: { params: Params, body: ReportBody, response: NoContent } },
      async (request, reply) => {
        const { type, remark } = request.body
        await comments.report(readerOf(request), request.params.id, type, remark ?? undefined)
        return reply.code(204).send(null)
      },
    )
  }
