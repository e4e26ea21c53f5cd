import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { contentTypeOf } from '../../engines/files/files.ts'
import { administratorOf, readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Id } from '../../http/wire.ts'
import { IDENTITY_PICTURES } from './identity.schema.ts'
import type { Identity } from './identity.ts'

const Picture = Type.Union(IDENTITY_PICTURES.map(name => Type.Literal(name)))
/** Kept by no cache, and shown by no other site. */
const PRIVATE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
}

/** The reader's own pictures. */
export const ownIdentityRoutes =
  (identity: Identity): Routes =>
  async server => {
    server.get(
      '/identity/:picture',
      { config: { access: 'login' }, schema: { params: Type.Object({ picture: Picture }) } },
      async (request, reply) => {
        const { bytes, extension } = await identity.view(readerOf(request), request.params.picture, undefined)
        return reply
          .headers(PRIVATE)
          .type(contentTypeOf(`.${extension}`))
          .send(bytes)
      },
    )
  }

export const adminIdentityRoutes =
  (identity: Identity): Routes =>
  async server => {
    server.get(
      '/readers/:id/identity/:picture',
      { config: { access: 'admin' }, schema: { params: Type.Object({ id: Id<ReaderId>(), picture: Picture }) } },
      async (request, reply) => {
        const { id, picture } = request.params
        const { bytes, extension } = await identity.view(id, picture, administratorOf(request).id)
        return reply
          .headers(PRIVATE)
          .type(contentTypeOf(`.${extension}`))
          .send(bytes)
      },
    )
  }
