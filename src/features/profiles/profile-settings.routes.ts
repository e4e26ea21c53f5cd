import { Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, Optional, TypedText } from '../../http/wire.ts'
import { INTRO_MAX, NAME_MAX, type ProfileSettings as Settings } from './profile-settings.ts'
import { ChangedProfile, ProfileSettings } from './profiles.schema.ts'

const ChangeBody = Type.Object({
  name: Optional(TypedText(NAME_MAX)),
  gender: Optional(Int(0, 1)),
  birthday: Optional(Type.String({ maxLength: 40 })), // longer than any date
  intro: Optional(TypedText(INTRO_MAX)),
})

/** Fields of the contract that are not stored. They are refused, so that no client believes them saved. */
const NOT_STORED = ['photo', 'real_name', 'id_number', 'id_card_front', 'id_card_back', 'id_card_handheld']

export const profileSettingsRoutes =
  (settings: Settings): Routes =>
  async server => {
    server.get(
      '/user/profile',
      { config: { access: 'login' }, schema: { response: { 200: Envelope(ProfileSettings) } } },
      async request => ({
        message: 'OK' as const,
        data: await settings.get(readerOf(request)),
      }),
    )

    server.patch(
      '/user/profile',
      { config: { access: 'login' }, schema: { body: ChangeBody, response: { 201: Envelope(ChangedProfile) } } },
      async (request, reply) => {
        const unsupported = NOT_STORED.find(field => field in request.body)
        if (unsupported) throw invalid(`${unsupported} cannot be changed here yet`)
        return reply.code(201).send({ message: 'OK', data: await settings.update(readerOf(request), request.body) })
      },
    )
  }
