import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { Figure, Other, Self } from './people.schema.ts'
import type { People } from './people.ts'

const One = Type.Object({ id: Id<ReaderId>() })

export const peopleRoutes =
  (people: People): Routes =>
  async server => {
    server.get('/user', { config: { access: 'login' }, schema: { response: { 200: Envelope(Self) } } }, async request => ({
      message: 'OK' as const,
      data: await people.self(readerOf(request)),
    }))

    server.get('/users/:id', { schema: { params: One, response: { 200: Envelope(Other) } } }, async ({ viewer, params }) => ({
      message: 'OK' as const,
      data: await people.other(viewer, params.id),
    }))

    server.get('/user/figure', { config: { access: 'login' }, schema: { response: { 200: Envelope(Figure) } } }, async request => ({
      message: 'OK' as const,
      data: await people.figure(readerOf(request)),
    }))
  }
