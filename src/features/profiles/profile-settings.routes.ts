import { Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, Optional } from '../../http/wire.ts'
import type { ProfileSettings as Settings } from './profile-settings.ts'
import { ChangedProfile, ProfileSettings } from './profiles.schema.ts'

const Change = Type.Object({
  name: Optional(Type.String()),
  gender: Optional(Int(0, 1)),
  birthday: Optional(Type.String()),
  intro: Optional(Type.String()),
})

/** What the contract also lets readers change. To answer that it was saved when it was not would be worse than to refuse. */
const NOT_KEPT = ['photo', 'real_name', 'id_number', 'id_card_front', 'id_card_back', 'id_card_handheld']

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
      { config: { access: 'login' }, schema: { body: Change, response: { 201: Envelope(ChangedProfile) } } },
      async (request, reply) => {
        const unkept = NOT_KEPT.find(field => field in request.body)
        if (unkept) throw invalid(`${unkept} cannot be changed here yet`)
        return reply.code(201).send({ message: 'OK', data: await settings.change(readerOf(request), request.body) })
      },
    )
  }
