// The pictures of a profile, as files of a form or as base64 text in JSON.

import { invalid } from '../../base/problem.ts'
import { IDENTITY_PICTURES } from '../identity/identity.schema.ts'

export const PICTURE_FIELDS = ['photo', ...IDENTITY_PICTURES] as const
export type PictureField = (typeof PICTURE_FIELDS)[number]

export const INVALID_IMAGE = 'Invalid image.'
/** Of a whole form: a picture from a camera and three of an identity card. */
export const PICTURES_BYTES_MAX = 20 * 1024 * 1024
/** Of a JSON body: 10 MiB of pictures. */
export const BASE64_MAX = 14 * 1024 * 1024

/** Base64, alone or as a data URL. */
export function decodePictures(fields: Partial<Record<PictureField, string>>): Partial<Record<PictureField, Buffer>> {
  const pictures: Partial<Record<PictureField, Buffer>> = {}
  for (const name of PICTURE_FIELDS) {
    const text = fields[name]
    if (text === undefined) continue
    const bytes = Buffer.from(text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text, 'base64')
    if (bytes.length === 0) throw invalid(INVALID_IMAGE)
    pictures[name] = bytes
  }
  return pictures
}
