// Covers for articles without pictures and avatars for readers without a photo, drawn for each request. An id always gives
// the same picture, so pictures are not stored, and clients cache them for ever.

import { Type } from 'typebox'
import { parseId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import type { Routes } from '../../http/routes.ts'
import { drawAvatar, drawCover } from './drawing.ts'

// The number is that of a cover, 1 to 3, or of a picture in the text, from 4. The word is what the picture is of.
const FILE_NAME = /^(?:(avatar)-(\d{1,19})|(\d{1,19})-([1-9])(?:-([a-z]{1,12}))?)\.svg$/
const YEAR_SECONDS = 31_536_000

export const artworkRoutes: Routes = async server => {
  server.get(
    '/drawn/:name',
    { config: { access: 'public' }, schema: { hide: true, params: Type.Object({ name: Type.String({ maxLength: 40 }) }) } },
    async ({ params }, reply) => {
      const [, avatar, ofReader, ofArticle, n, motif] = FILE_NAME.exec(params.name) ?? []
      const id = parseId(ofReader ?? ofArticle ?? '')
      if (!id) throw notFound('There is no such picture.')
      return reply
        .type('image/svg+xml')
        .header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .serializer(String)
        .send(avatar ? drawAvatar({ id }) : drawCover({ id, n: Number(n), motif }))
    },
  )
}
