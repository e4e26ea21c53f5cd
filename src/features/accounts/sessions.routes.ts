// A reader's own sessions, under /v1: list them, sign out here, elsewhere or everywhere.

import { Type } from 'typebox'
import type { SessionId } from '../../base/id.ts'
import { readerOf, sessionOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Count, Envelope, Id, NO_CONTENT, Optional } from '../../http/wire.ts'
import { SessionView } from './sessions.schema.ts'
import type { Sessions } from './sessions.ts'

const SessionParams = Type.Object({ id: Id<SessionId>() })
const EndQuery = Type.Object({ others: Optional(Bool()) })
const Ended = Type.Object({ ended: Count() })

export const sessionRoutes =
  (sessions: Sessions): Routes =>
  async server => {
    const ListResponse = { 200: Envelope(Type.Object({ sessions: Type.Array(SessionView) })) }
    server.get('/me/sessions', { config: { access: 'login' }, schema: { response: ListResponse } }, async request => ({
      message: 'OK' as const,
      data: { sessions: await sessions.list(readerOf(request), sessionOf(request)) },
    }))

    // All sessions, this one too. `others=true` keeps this one.
    server.delete(
      '/me/sessions',
      { config: { access: 'login' }, schema: { querystring: EndQuery, response: { 200: Envelope(Ended) } } },
      async request => {
        const ended = await sessions.endAll(readerOf(request), request.query.others ? sessionOf(request) : undefined)
        return { message: 'OK' as const, data: { ended } }
      },
    )

    server.delete(
      '/me/sessions/current',
      { config: { access: 'login', refuses: ['not-found'] }, schema: { response: NO_CONTENT } },
      async (request, reply) => {
        await sessions.endOne(readerOf(request), sessionOf(request))
        return reply.code(204).send(null)
      },
    )

    server.delete(
      '/me/sessions/:id',
      { config: { access: 'login' }, schema: { params: SessionParams, response: NO_CONTENT } },
      async (request, reply) => {
        await sessions.endOne(readerOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
  }
