// `/files/NAME`: the address of a picture on the wire. It never expires; the row is read on each request.

import parseRange from 'range-parser'
import { Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import { contentTypeOf, IMMUTABLE } from '../../engines/files/files.ts'
import type { Routes } from '../../http/routes.ts'
import { Bytes, Int, Optional } from '../../http/wire.ts'
import type { Files } from './files.ts'
import { NARROW_WIDTHS } from './widths.ts'

const NAME_MAX = 64 // longer than any name
const Params = Type.Object({ name: Type.String({ maxLength: NAME_MAX }) })
const WIDTHS = `w must be ${NARROW_WIDTHS.join(', ')}`
const Query = Type.Object({ w: Optional(Int(1, Math.max(...NARROW_WIDTHS), { refusal: WIDTHS })) })
const Response = { 200: Bytes('image/*'), 206: Bytes('image/*'), 302: Type.Null(), 304: Type.Null(), 416: Type.Null() }
/** Less than the shortest time for which a temporary address is valid. */
const REDIRECT_SECONDS = 240

export const fileRoutes =
  (files: Files): Routes =>
  async server => {
    server.get(
      '/files/:name',
      { config: { access: 'public', refuses: ['invalid'] }, schema: { params: Params, querystring: Query, response: Response } },
      async ({ params, query, headers }, reply) => {
        if (query.w !== undefined && !NARROW_WIDTHS.includes(query.w)) throw invalid(WIDTHS)
        const file = await files.find(params.name, query.w)
        reply.header('content-security-policy', "default-src 'none'; sandbox")
        if (file.temporaryUrl)
          return reply.header('cache-control', `private, max-age=${REDIRECT_SECONDS}`).redirect(await file.temporaryUrl(), 302)
        reply.headers({ etag: file.etag, 'cache-control': IMMUTABLE, 'accept-ranges': 'bytes' })
        if (matches(headers['if-none-match'], file.etag)) return reply.code(304).send(null)
        reply.type(contentTypeOf(`.${file.extension}`))
        const range = rangeOf(headers, file)
        if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${file.bytes}`).send(null)
        const { start, end } = range ?? { start: 0, end: file.bytes - 1 }
        if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.bytes}`)
        return reply.header('content-length', end - start + 1).send(await file.open(range))
      },
    )
  }

const matches = (header: string | undefined, etag: string) =>
  header !== undefined && header.split(',').some(each => ['*', etag].includes(each.trim().replace(/^W\//, '')))

/** Undefined: the whole file. Several ranges at once, and a header that is no range, ask for it too. */
function rangeOf(headers: { range?: string; 'if-range'?: string | string[] }, { bytes, etag }: { bytes: number; etag: string }) {
  const { range, 'if-range': ifRange } = headers
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined
  const ranges = parseRange(bytes, range)
  if (ranges === -1) return 'unsatisfiable'
  return ranges !== -2 && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
}
