import { Type } from 'typebox'
import type { AnnouncementId } from '../../base/id.ts'
import { PagingQuery } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { Announcement, AnnouncementPage } from './announcements.schema.ts'
import type { Announcements } from './announcements.ts'

export const announcementRoutes =
  (announcements: Announcements): Routes =>
  async server => {
    server.get(
      '/announcements',
      { config: { access: 'open' }, schema: { querystring: Type.Object(PagingQuery), response: { 200: Envelope(AnnouncementPage) } } },
      async ({ query }) => ({ message: 'OK' as const, data: await announcements.list(query) }),
    )

    server.get(
      '/announcements/:id',
      {
        config: { access: 'open', refuses: ['invalid'] },
        schema: { params: Type.Object({ id: Id<AnnouncementId>() }), response: { 200: Envelope(Announcement) } },
      },
      async ({ params }) => ({ message: 'OK' as const, data: await announcements.get(params.id) }),
    )
  }
