// `upload`: a picture from any client.

import { Type } from 'typebox'
import { invalid, unauthenticated } from '../../base/problem.ts'
import { parseUploads, readUploads } from '../../http/multipart.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope } from '../../http/wire.ts'
import type { Files } from './files.ts'
import { type CheckUploadLimit, IMAGE_UPLOAD, NO_IMAGE } from './upload-limits.ts'

export interface UploadNeeds {
  files: Files
  checkLimit: CheckUploadLimit
}

/** `anonymous`: whether pictures are accepted without a token. */
export const uploadRoutes =
  ({ files, checkLimit }: UploadNeeds, anonymous: boolean): Routes =>
  async server => {
    await parseUploads(server)
    const Url = Type.Object({ url: Type.String() })
    server.post(
      '/upload',
      {
        config: { access: 'open', upload: IMAGE_UPLOAD, refuses: ['invalid', 'unauthenticated', 'conflict'] },
        schema: { response: { 201: Envelope(Url) } },
      },
      async (request, reply) => {
        const { viewer, ip } = request
        if (viewer.kind !== 'reader' && !anonymous) throw unauthenticated('User must be authorized.')
        await checkLimit(viewer, ip)
        const image = (await readUploads(request)).get('image')
        if (!image) throw invalid(NO_IMAGE, { field: 'image' })
        const { url } = await files.storePicture(viewer.kind === 'reader' ? viewer.id : undefined, image)
        return reply.code(201).send({ message: 'OK', data: { url } })
      },
    )
  }
