// Lists that the contract has no route for.

import { Type } from 'typebox'
import { readerOf } from '../../http/access.ts'
import { PagingQuery } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Optional } from '../../http/wire.ts'
import { Language } from '../dials/dials.schema.ts'
import type { ListInterests } from './interests.ts'
import { CardPage, Interests, Marks, PopularCards } from './lists.schema.ts'
import type { Lists } from './lists.ts'
import type { ListPopular, PopularList } from './popular.ts'

const PopularQuery = Type.Object({ language: Optional(Language) })

export const ownListRoutes =
  (lists: Lists, listPopular: ListPopular, listInterests: ListInterests): Routes =>
  async server => {
    server.get(
      '/disliked',
      { config: { access: 'login' }, schema: { querystring: Type.Object(PagingQuery), response: { 200: Envelope(CardPage) } } },
      async request => ({ message: 'OK' as const, data: await lists.listDisliked(readerOf(request), request.query) }),
    )

    server.get('/marks', { config: { access: 'login' }, schema: { response: { 200: Envelope(Marks) } } }, async request => ({
      message: 'OK' as const,
      data: await lists.findMarks(readerOf(request)),
    }))

    server.get('/interests', { config: { access: 'optional' }, schema: { response: { 200: Envelope(Interests) } } }, async () => ({
      message: 'OK' as const,
      data: { results: await listInterests() },
    }))

    for (const list of ['hot', 'discussed'] satisfies PopularList[])
      server.get(
        `/lists/${list}`,
        { config: { access: 'optional' }, schema: { querystring: PopularQuery, response: { 200: Envelope(PopularCards) } } },
        async ({ viewer, query }) => ({ message: 'OK' as const, data: { results: await listPopular(list, viewer, query.language) } }),
      )
  }
