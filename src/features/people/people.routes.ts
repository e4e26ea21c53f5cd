import { Type } from 'typebox'
import { type Routes, readerOf } from '../../base/part.ts'
import { Count, Envelope, Id } from '../../base/wire.ts'
import type { People } from './people.ts'

const Self = Type.Object({
  id: Id(),
  name: Type.String(),
  photo: Type.String(),
  is_media: Type.Boolean(),
  intro: Type.String(),
  certi: Type.String(),
  art_count: Count(),
  follow_count: Count(),
  fans_count: Count(),
  like_count: Count(),
})

export const peopleRoutes =
  (people: People): Routes =>
  async server => {
    server.get('/user', { config: { access: 'login' }, schema: { response: { 200: Envelope(Self) } } }, async request => ({
      message: 'OK' as const,
      data: await people.self(readerOf(request)),
    }))
  }
