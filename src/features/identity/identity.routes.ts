import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import { contentTypeOf } from '../../engines/files/files.ts'
import { administratorOf, readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Bytes, Envelope, Id } from '../../http/wire.ts'
import { IDENTITY_PICTURES } from './identity.schema.ts'
import type { Identity } from './identity.ts'

const Picture = Type.Union(IDENTITY_PICTURES.map(name => Type.Literal(name)))
const PictureResponse = { 200: Bytes('image/*') }
const OrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] })
const Texts = Type.Object({ real_name: OrNull, id_number: OrNull })
const NOTHING = 'There is no such identity.'

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
      '/identity',
      { config: { access: 'login', refuses: ['not-found'] }, schema: { response: { 200: Envelope(Texts) } } },
      async (request, reply) => {
        const data = await identity.readTexts(readerOf(request), 'reader')
        if (!data) throw notFound(NOTHING)
        return reply.headers(PRIVATE).send({ message: 'OK', data })
      },
    )

    server.get(
      '/identity/:picture',
      { config: { access: 'login' }, schema: { params: Type.Object({ picture: Picture }), response: PictureResponse } },
      async (request, reply) => {
        const { bytes, extension } = await identity.view(readerOf(request), request.params.picture, 'reader')
        return reply
          .headers(PRIVATE)
          .type(contentTypeOf(`.${extension}`))
          .send(bytes)
      },
    )
  }

const READ = { access: 'admin', permission: 'identity-get' } as const

export const adminIdentityRoutes =
  (identity: Identity): Routes =>
  async server => {
    server.get(
      '/readers/:id/identity',
      { config: READ, schema: { params: Type.Object({ id: Id<ReaderId>() }), response: { 200: Envelope(Texts) } } },
      async (request, reply) => {
        const data = await identity.readTexts(request.params.id, administratorOf(request))
        if (!data) throw notFound(NOTHING)
        return reply.headers(PRIVATE).send({ message: 'OK', data })
      },
    )

    server.get(
      '/readers/:id/identity/:picture',
      { config: READ, schema: { params: Type.Object({ id: Id<ReaderId>(), picture: Picture }), response: PictureResponse } },
      async (request, reply) => {
        const { id, picture } = request.params
        const { bytes, extension } = await identity.view(id, picture, administratorOf(request))
        return reply
          .headers(PRIVATE)
          .type(contentTypeOf(`.${extension}`))
          .send(bytes)
      },
    )
  }
