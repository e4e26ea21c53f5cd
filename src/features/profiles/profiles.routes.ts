import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { Figures, OwnProfile, PublicProfile } from './profiles.schema.ts'
import type { Profiles } from './profiles.ts'

const ReaderParams = Type.Object({ id: Id<ReaderId>() })

export const profileRoutes =
  (profiles: Profiles): Routes =>
  async server => {
    server.get('/user', { config: { access: 'login' }, schema: { response: { 200: Envelope(OwnProfile) } } }, async request => ({
      message: 'OK' as const,
      data: await profiles.getOwn(readerOf(request)),
    }))

    server.get(
      '/users/:id',
      { config: { access: 'open', refuses: ['invalid'] }, schema: { params: ReaderParams, response: { 200: Envelope(PublicProfile) } } },
      async ({ viewer, params }) => ({
        message: 'OK' as const,
        data: await profiles.getPublic(viewer, params.id),
      }),
    )

    server.get('/user/figure', { config: { access: 'login' }, schema: { response: { 200: Envelope(Figures) } } }, async request => ({
      message: 'OK' as const,
      data: await profiles.getFigures(readerOf(request)),
    }))
  }
