// The materials of a creator: pictures kept for articles.

import { Type } from 'typebox'
import { invalid, notFound } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { readerOf } from '../../http/access.ts'
import { parseUploads, readUploads } from '../../http/multipart.ts'
import { PagedSchema, toOffsetLimit, toPagedResponse } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional } from '../../http/wire.ts'
import { publicPath } from './file-keys.ts'
import type { Files } from './files.ts'
import { MaterialItem, NewMaterial } from './materials.schema.ts'
import { deleteMaterial, listMaterials, setCollected } from './materials.sql.ts'
import { type CheckUploadLimit, IMAGE_UPLOAD, NO_IMAGE } from './upload-limits.ts'

const ID_MAX = 2 ** 31 - 1
const PAGE_MAX = 2 ** 31 - 1
const PER_PAGE = 20
// Materials are numbered from 1 in every generation.
const Params = Type.Object({ id: Int(1, ID_MAX) })
const ListQuery = Type.Object({ collect: Optional(Bool()), page: Optional(Int(1, PAGE_MAX)), per_page: Optional(Int(1, 50)) })
const MaterialPage = PagedSchema(MaterialItem)
const CollectBody = Type.Object({ collect: Bool() })
const Collected = Type.Object({ id: Type.Integer(), collect: Type.Boolean() })
const NONE = 'The picture does not exist.'

export interface MaterialNeeds {
  db: Db
  files: Files
  checkLimit: CheckUploadLimit
  absoluteUrl: (path: string) => string
}

export const materialRoutes =
  ({ db, files, checkLimit, absoluteUrl }: MaterialNeeds, access: 'studio' | 'login'): Routes =>
  async server => {
    await parseUploads(server)
    const config = { access }

    server.post(
      '/user/images',
      { config: { access, upload: IMAGE_UPLOAD, refuses: ['invalid', 'conflict'] }, schema: { response: { 201: Envelope(NewMaterial) } } },
      async (request, reply) => {
        await checkLimit(request.viewer, request.ip)
        const image = (await readUploads(request)).get('image')
        if (!image) throw invalid(NO_IMAGE, { field: 'image' })
        return reply.code(201).send({ message: 'OK', data: await files.storeMaterial(readerOf(request), image) })
      },
    )

    server.get('/user/images', { config, schema: { querystring: ListQuery, response: { 200: Envelope(MaterialPage) } } }, async request => {
      const { collect = false, ...given } = request.query
      const paging = { per_page: PER_PAGE, ...given }
      const { total, rows } = await listMaterials(db, readerOf(request), { onlyCollected: collect, ...toOffsetLimit(paging) })
      const results = rows.map(({ id, name, collected }) => ({ id, url: absoluteUrl(publicPath(name)), is_collected: collected }))
      return { message: 'OK' as const, data: toPagedResponse(paging, total, results) }
    })

    server.put(
      '/user/images/:id',
      { config, schema: { params: Params, body: CollectBody, response: { 201: Envelope(Collected) } } },
      async (request, reply) => {
        const { id } = request.params
        const { collect } = request.body
        if (!(await setCollected(db, readerOf(request), id, collect))) throw notFound(NONE)
        return reply.code(201).send({ message: 'OK', data: { id, collect } })
      },
    )

    server.delete('/user/images/:id', { config, schema: { params: Params, response: { 204: Type.Null() } } }, async (request, reply) => {
      if (!(await deleteMaterial(db, readerOf(request), request.params.id))) throw notFound(NONE)
      return reply.code(204).send(null)
    })
  }
