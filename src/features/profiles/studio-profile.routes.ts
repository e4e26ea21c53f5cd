// A creator's profile in the studio.

import { Type } from 'typebox'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Optional, Text, TypedText } from '../../http/wire.ts'
import { INTRO_MAX, NAME_MAX, type ProfileSettings } from './profile-settings.ts'

const EMAIL_MAX = 100
const Editable = { name: Type.String(), intro: Type.String(), email: Type.String() }
const StudioProfile = Type.Object({ id: Id(), ...Editable, photo: Type.String(), mobile: Type.String() })
const ChangedProfile = Type.Object({ id: Id(), ...Type.Partial(Type.Object(Editable)).properties })
const ChangeBody = Type.Object({
  name: Optional(TypedText(NAME_MAX)),
  intro: Optional(TypedText(INTRO_MAX)),
  email: Optional(Text(0, EMAIL_MAX)),
})

export const studioProfileRoutes =
  (settings: ProfileSettings, access: 'studio' | 'login'): Routes =>
  async server => {
    const config = { access }
    server.get('/user/profile', { config, schema: { response: { 200: Envelope(StudioProfile) } } }, async request => ({
      message: 'OK' as const,
      data: await settings.get(readerOf(request)),
    }))

    server.patch(
      '/user/profile',
      { config: { access, refuses: ['invalid', 'conflict'] }, schema: { body: ChangeBody, response: { 201: Envelope(ChangedProfile) } } },
      async (request, reply) => {
        const { name, intro, email } = request.body
        return reply.code(201).send({ message: 'OK', data: await settings.update(readerOf(request), { name, intro, email }) })
      },
    )
  }
