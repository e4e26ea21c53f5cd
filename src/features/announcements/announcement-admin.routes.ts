// Announcements, for administrators. The contract has them for readers only.

import { Type } from 'typebox'
import type { AnnouncementId } from '../../base/id.ts'
import { operatorOf } from '../../http/access.ts'
import { PagingQuery } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, RawTypedText, Text } from '../../http/wire.ts'
import { AnnouncementPage } from './announcements.schema.ts'
import { type Announcements, TITLE_MAX } from './announcements.ts'

const CONTENT_MAX = 100_000 // many screens; it is cleaned on the main thread, in some ten milliseconds
const Params = Type.Object({ id: Id<AnnouncementId>() })
const Body = Type.Object({ title: RawTypedText(TITLE_MAX), content: Text(1, CONTENT_MAX) })
const BODY_BYTES_MAX = 6 * CONTENT_MAX // every character as a JSON escape

export const announcementAdminRoutes =
  (announcements: Announcements): Routes =>
  async server => {
    server.get(
      '/announcements',
      {
        config: { access: 'admin', permission: 'announcement-list-get' },
        schema: { querystring: Type.Object(PagingQuery), response: { 200: Envelope(AnnouncementPage) } },
      },
      async ({ query }) => ({ message: 'OK' as const, data: await announcements.list(query) }),
    )

    server.post(
      '/announcements',
      {
        config: { access: 'admin', permission: 'announcement-list-post' },
        bodyLimit: BODY_BYTES_MAX,
        schema: { body: Body, response: { 201: Envelope(Type.Object({ id: Id<AnnouncementId>() })) } },
      },
      async (request, reply) => {
        const id = await announcements.add(operatorOf(request), request.body.title, request.body.content)
        return reply.code(201).send({ message: 'OK', data: { id } })
      },
    )

    server.delete(
      '/announcements/:id',
      {
        config: { access: 'admin', permission: 'announcement-list-delete' },
        schema: { params: Params, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        await announcements.remove(operatorOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )
  }
