// Uploads of pictures: `upload` for every client, `user/images` for the materials of a creator.

import { Type } from 'typebox'
import { invalid, unauthenticated } from '../../base/problem.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { readUploads } from '../../http/uploads.ts'
import { Envelope } from '../../http/wire.ts'
import type { Files } from './files.ts'
import { type CheckUploadLimit, PICTURE_BYTES_MAX } from './upload-limit.ts'

const UPLOAD = { bytesMax: PICTURE_BYTES_MAX }
const NO_IMAGE = 'image is required: a picture in the field "image" of a form'

export interface UploadNeeds {
  files: Files
  checkLimit: CheckUploadLimit
}

/** `anonymous`: whether pictures are accepted without a token. */
export const uploadRoutes =
  ({ files, checkLimit }: UploadNeeds, anonymous: boolean): Routes =>
  async server => {
    const Url = Type.Object({ url: Type.String() })
    server.post(
      '/upload',
      { config: { access: 'open', upload: UPLOAD }, schema: { response: { 201: Envelope(Url) } } },
      async (request, reply) => {
        const { viewer, ip } = request
        if (viewer.kind !== 'reader' && !anonymous) throw unauthenticated('User must be authorized.')
        await checkLimit(viewer, ip)
        const image = (await readUploads(request, ['image'])).get('image')
        if (!image) throw invalid(NO_IMAGE)
        const { url } = await files.storePicture(viewer.kind === 'reader' ? viewer.id : undefined, image)
        return reply.code(201).send({ message: 'OK', data: { url } })
      },
    )
  }

export const materialRoutes =
  ({ files, checkLimit }: UploadNeeds): Routes =>
  async server => {
    // Materials are numbered from 1 in every generation.
    const Material = Type.Object({ id: Type.Integer(), url: Type.String() })
    server.post(
      '/user/images',
      { config: { access: 'studio', upload: UPLOAD }, schema: { response: { 201: Envelope(Material) } } },
      async (request, reply) => {
        await checkLimit(request.viewer, request.ip)
        const image = (await readUploads(request, ['image'])).get('image')
        if (!image) throw invalid(NO_IMAGE)
        return reply.code(201).send({ message: 'OK', data: await files.storeMaterial(readerOf(request), image) })
      },
    )
  }
