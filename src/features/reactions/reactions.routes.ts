import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { type Routes, readerOf } from '../../base/part.ts'
import { addMarking } from '../../base/target.ts'
import { Envelope, Id, Int, Maybe } from '../../base/wire.ts'
import { NO_ARTICLE, type Reactions } from './reactions.ts'

const REFUSAL = { refusal: NO_ARTICLE }
const TYPES = { type: Int(0, 8) }
const Report = Type.Object({ target: Id<ArticleId>(REFUSAL), ...TYPES, remark: Maybe(Type.Union([Type.String(), Type.Null()])) })
const Reported = Envelope(Type.Object({ target: Id<ArticleId>(), type: Type.Integer() }))

export const reactionRoutes =
  (reactions: Reactions): Routes =>
  async server => {
    addMarking(server, '/article/likings', { ...REFUSAL, put: reactions.like, drop: reactions.unlike })
    addMarking(server, '/article/dislikes', { ...REFUSAL, put: reactions.dislike, drop: reactions.undislike })
    addMarking(server, '/article/collections', { ...REFUSAL, put: reactions.collect, drop: reactions.uncollect })

    server.post(
      '/article/reports',
      { config: { access: 'login' }, schema: { body: Report, response: { 201: Reported } } },
      async (request, reply) => {
        const { target, type, remark } = request.body
        await reactions.report(readerOf(request), target, type, remark ?? undefined)
        return reply.code(201).send({ message: 'OK', data: { target, type } })
      },
    )
  }
