import { Type } from 'typebox'
import { clientOf } from '../../base/network.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope } from '../../http/wire.ts'
import type { HotQueries } from './hot-queries.ts'
import type { OwnHistory } from './own-history.ts'
import { ForgetQuery, HotSearches, Keywords, Options, SearchPage, SearchQuery, SuggestionQuery } from './search.schema.ts'
import type { Search } from './search.ts'

export const searchRoutes =
  (search: Search, ownHistory: OwnHistory, hotQueries: HotQueries): Routes =>
  async server => {
    server.get(
      '/suggestion',
      { config: { access: 'open' }, schema: { querystring: SuggestionQuery, response: { 200: Envelope(Options) } } },
      async ({ query }, reply) => {
        const { options, source } = await search.suggest(query.q)
        reply.header('x-search-source', source)
        return { message: 'OK' as const, data: { options } }
      },
    )

    server.get(
      '/search',
      {
        config: { access: 'optional' },
        schema: { querystring: SearchQuery, response: { 200: Envelope(SearchPage) } },
      },
      async (request, reply) => {
        const { viewer, query, ip } = request
        const from = { ...clientOf(ip), userAgent: request.headers['user-agent'] ?? '' }
        const { page, source } = await search.search(viewer, from, query)
        reply.header('x-search-source', source)
        return { message: 'OK' as const, data: page }
      },
    )

    server.get('/search/histories', { config: { access: 'login' }, schema: { response: { 200: Envelope(Keywords) } } }, async request => ({
      message: 'OK' as const,
      data: { keywords: await ownHistory.list(readerOf(request)) },
    }))

    server.delete(
      '/search/histories',
      { config: { access: 'login' }, schema: { querystring: ForgetQuery, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await ownHistory.forget(readerOf(request), request.query.q)
        return reply.code(204).send(null)
      },
    )

    server.get('/search/hot', { config: { access: 'open' }, schema: { response: { 200: Envelope(HotSearches) } } }, async () => ({
      message: 'OK' as const,
      data: { queries: await hotQueries() },
    }))
  }
