import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import { PagingQuery } from '../../http/paging.ts'
import { FLAT_PREFIX, type Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { CardPage, CollectionPage, toCollectionPage } from './lists.schema.ts'
import type { Lists } from './lists.ts'

const AuthorParams = Type.Object({ id: Id<ReaderId>() })
const ListQuery = Type.Object(PagingQuery)
const Page = Envelope(CardPage)

export const listRoutes =
  (lists: Lists): Routes =>
  async server => {
    server.get(
      '/users/:id/articles',
      {
        config: { access: 'open', refuses: ['invalid'] },
        schema: { params: AuthorParams, querystring: ListQuery, response: { 200: Page } },
      },
      async ({ viewer, params, query }) => ({ message: 'OK' as const, data: await lists.listByAuthor(viewer, params.id, query) }),
    )

    const hasBothNames = server.prefix === FLAT_PREFIX
    const Collected = hasBothNames ? Envelope(CollectionPage) : Page
    server.get(
      '/article/collections',
      { config: { access: 'login' }, schema: { querystring: ListQuery, response: { 200: Collected } } },
      async request => {
        const data = await lists.listCollected(readerOf(request), request.query)
        return { message: 'OK' as const, data: hasBothNames ? toCollectionPage(data) : data }
      },
    )

    const own = { '/user/articles': lists.listOwn, '/user/histories': lists.listHistory }
    for (const [path, list] of Object.entries(own))
      server.get(path, { config: { access: 'login' }, schema: { querystring: ListQuery, response: { 200: Page } } }, async request => ({
        message: 'OK' as const,
        data: await list(readerOf(request), request.query),
      }))
  }
