import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { addToggle } from '../../http/toggle-routes.ts'
import { Envelope, Id, Int, Optional, TypedTextOrNull } from '../../http/wire.ts'
import { NO_ARTICLE, REMARK_MAX, type Reactions } from './reactions.ts'

const REFUSAL = { refusal: NO_ARTICLE }
const ReportBody = Type.Object({
  target: Id<ArticleId>(REFUSAL),
  type: Int(0, 8),
  remark: Optional(TypedTextOrNull(REMARK_MAX)),
})
const ReportResponse = Envelope(Type.Object({ target: Id<ArticleId>(), type: Type.Integer() }))

export const reactionRoutes =
  (reactions: Reactions): Routes =>
  async server => {
    addToggle(server, '/article/likings', { ...REFUSAL, add: reactions.like, remove: reactions.unlike })
    addToggle(server, '/article/dislikes', { ...REFUSAL, add: reactions.dislike, remove: reactions.undislike })
    addToggle(server, '/article/collections', { ...REFUSAL, add: reactions.collect, remove: reactions.uncollect })

    server.post(
      '/article/reports',
      { config: { access: 'login', refuses: ['invalid', 'conflict'] }, schema: { body: ReportBody, response: { 201: ReportResponse } } },
      async (request, reply) => {
        const { target, type, remark } = request.body
        await reactions.report(readerOf(request), target, type, remark ?? undefined)
        return reply.code(201).send({ message: 'OK', data: { target, type } })
      },
    )
  }
