import { Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import { readerOf } from '../../http/access.ts'
import { parseUploads, readUploads } from '../../http/multipart.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, Optional, Text, TypedText } from '../../http/wire.ts'
import type { CheckUploadLimit } from '../files/upload-limits.ts'
import { ID_NUMBER_PATTERN, ID_NUMBER_REFUSAL } from '../identity/identity.schema.ts'
import { BASE64_MAX, decodePictures, INVALID_IMAGE, PICTURE_FIELDS, PICTURES_BYTES_MAX } from './picture-fields.ts'
import { BIRTHDAY_PATTERN, BIRTHDAY_REFUSAL, INTRO_MAX, NAME_MAX, type ProfileSettings as Settings } from './profile-settings.ts'
import { ChangedProfile, ProfileSettings } from './profiles.schema.ts'

const Base64 = Type.String({ maxLength: BASE64_MAX })
const ChangeBody = Type.Object({
  name: Optional(TypedText(NAME_MAX)),
  gender: Optional(Int(0, 1)),
  birthday: Optional(Type.String({ pattern: BIRTHDAY_PATTERN, refusal: BIRTHDAY_REFUSAL })),
  intro: Optional(TypedText(INTRO_MAX)),
  photo: Optional(Base64),
  real_name: Optional(Text(0, 100)), // the rules are narrower, and say so
  id_number: Optional(Type.String({ pattern: ID_NUMBER_PATTERN, refusal: ID_NUMBER_REFUSAL })),
  id_card_front: Optional(Base64),
  id_card_back: Optional(Base64),
  id_card_handheld: Optional(Base64),
})
const Changed = { 201: Envelope(ChangedProfile) }

export interface ProfileSettingsRoutesNeeds {
  settings: Settings
  checkUploadLimit: CheckUploadLimit
}

export const profileSettingsRoutes =
  ({ settings, checkUploadLimit }: ProfileSettingsRoutesNeeds): Routes =>
  async server => {
    server.get(
      '/user/profile',
      { config: { access: 'login' }, schema: { response: { 200: Envelope(ProfileSettings) } } },
      async request => ({
        message: 'OK' as const,
        data: await settings.get(readerOf(request)),
      }),
    )

    // The contract has both paths.
    for (const path of ['/user/profile', '/user'])
      server.patch(
        path,
        {
          config: { access: 'login', upload: { bytesMax: BASE64_MAX }, refuses: ['invalid', 'conflict'] },
          bodyLimit: BASE64_MAX,
          schema: { body: ChangeBody, response: Changed },
        },
        async (request, reply) => {
          const { photo, id_card_front, id_card_back, id_card_handheld, ...fields } = request.body
          const pictures = decodePictures({ photo, id_card_front, id_card_back, id_card_handheld })
          if (Object.keys(pictures).length > 0) await checkUploadLimit(request.viewer, request.ip)
          const data = await settings.update(readerOf(request), { ...fields, ...pictures })
          return reply.code(201).send({ message: 'OK', data })
        },
      )
  }

/** Pictures as the fields of a form. */
export const photoRoutes =
  ({ settings, checkUploadLimit }: ProfileSettingsRoutesNeeds, access: 'login' | 'studio'): Routes =>
  async server => {
    await parseUploads(server)
    const upload = { bytesMax: PICTURES_BYTES_MAX, fields: PICTURE_FIELDS }
    const config = { access, upload, refuses: ['invalid', 'conflict'] } as const
    server.patch('/user/photo', { config, schema: { response: Changed } }, async (request, reply) => {
      await checkUploadLimit(request.viewer, request.ip)
      const pictures = await readUploads(request)
      // Some clients send the file as JSON by mistake: `{"photo":{}}`.
      if (pictures.size === 0) throw invalid(INVALID_IMAGE)
      const data = await settings.update(readerOf(request), Object.fromEntries(pictures))
      return reply.code(201).send({ message: 'OK', data })
    })
  }
